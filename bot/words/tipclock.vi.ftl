# Đồng hồ của một tin báo ở bàn tiếp nhận (bot/domain/clock_why.py), và tệp các dòng thời hạn (documents/tip_clocks.py).

## Vì sao hạn này?
tipclock-lines =
    { $above }
    { $below }
tipclock-asked = Việc phải làm: { $what } (dòng thời hạn “{ $row }”).
tipclock-due = Hạn cuối: { $due }.
tipclock-at-day = hết ngày { $day }
tipclock-at-time = { $time } ngày { $day }

tipclock-hours = { $number } giờ
tipclock-working-days = { $number } ngày làm việc
tipclock-days = { $number } ngày
tipclock-months = { $number } tháng

tipclock-from-hours = Cách tính: { $length }, cả ngày lẫn đêm, từ { $time } ngày { $day } (đầu của giờ { $event }).
tipclock-from-months = Cách tính: { $length } kể từ ngày { $day } là ngày { $event }, đến ngày trùng của tháng; tháng không có ngày đó thì đến ngày cuối tháng.
tipclock-from-next-day = Cách tính: { $length }, ngày thứ nhất là { $next }, ngày liền sau ngày { $event } ({ $day }).
tipclock-from-that-day = Cách tính: { $length }, ngày thứ nhất là chính ngày { $event } ({ $day }).
tipclock-skipped = Không tính { $number } ngày nghỉ: { $list }.
tipclock-moved = Ngày cuối rơi vào ngày nghỉ ({ $list }), nên hạn chuyển sang ngày làm việc đầu tiên tiếp theo.
tipclock-remote = Tin từ xã ở xa hoặc hải đảo nên dùng thời hạn này.
tipclock-extended-start = Đã gia hạn ngày { $day }, do { $by } quyết định: { $length } kể từ { $from }, nên hạn là { $due } (dòng thời hạn “{ $row }”).
tipclock-extended-due = Đã gia hạn ngày { $day }, do { $by } quyết định: thêm { $length } kể từ hạn trước là { $from }, nên hạn mới là { $due } (dòng thời hạn “{ $row }”).

tipclock-ground-law = Căn cứ: { $source } (áp dụng từ { $from }).
tipclock-ground-law-unread = Căn cứ: { $source } (áp dụng từ { $from }; chưa đối chiếu với văn bản, cần cán bộ pháp chế xác nhận).
tipclock-ground-own = Đây là quy tắc riêng của nơi vận hành, không phải quy định của pháp luật (nguồn: { $source }; áp dụng từ { $from }).
tipclock-stopped = Đồng hồ đã dừng lúc { $when }: { $event }.
tipclock-late = Đồng hồ đã dừng lúc { $when }, sau hạn: { $event }.

## Phải làm gì để dừng đồng hồ
tipclock-until-received = tiếp nhận tin
tipclock-until-opened = mở tin ra xem
tipclock-until-taken = nhận xử lý tin
tipclock-until-forwarded = chuyển tin kèm tài liệu đến cơ quan có thẩm quyền
tipclock-until-arrival-told = thông báo việc tiếp nhận tin
tipclock-until-decided = kiểm tra, xác minh và ra quyết định giải quyết
tipclock-until-result-told = thông báo kết quả giải quyết
tipclock-until-extended = gia hạn
tipclock-until-closed = kết thúc xử lý tin
tipclock-until-reopened = mở lại tin

## Điều đã xảy ra
tipclock-event-received = nhận được tin
tipclock-event-opened = tin được mở ra xem
tipclock-event-taken = tin được nhận xử lý
tipclock-event-forwarded = tin được chuyển đi
tipclock-event-arrival-told = đã thông báo việc tiếp nhận
tipclock-event-decided = ra quyết định giải quyết
tipclock-event-result-told = đã thông báo kết quả
tipclock-event-extended = được gia hạn
tipclock-event-closed = tin được kết thúc
tipclock-event-reopened = tin được mở lại

## Đèn
tipclock-light-done = ⚪ đã xong
tipclock-light-green = 🟢 còn thời gian
tipclock-light-amber = 🟡 sắp đến hạn
tipclock-light-red = 🔴 quá hạn

## Nhắc
tipclock-reminded = Cần { $what }: { $why }. Hạn cuối: { $due }.
tipclock-rung-half = đã qua nửa thời hạn
tipclock-rung-last-quarter = chỉ còn một phần tư thời hạn
tipclock-rung-working-day-before = đây là ngày làm việc cuối trước hạn
tipclock-rung-at-due = đã đến hạn
tipclock-rung-overdue-1d = đã quá hạn 1 ngày
tipclock-rung-overdue-3d = đã quá hạn 3 ngày
tipclock-rung-overdue-7d = đã quá hạn 7 ngày
tipclock-rung-overdue-weekly = vẫn quá hạn
tipclock-rung-pass-on = đã hết thời hạn mà chưa ai mở

## Không gia hạn được
tipclock-extend-stopped = Không gia hạn được: đồng hồ này đã dừng.
tipclock-extend-late = Không gia hạn được: thời hạn đã hết. Chỉ gia hạn được trước khi hết hạn.
tipclock-extend-no-row = Không gia hạn được: không có dòng thời hạn nào cho gia hạn thêm; mỗi lần gia hạn chỉ dùng được một lần.
tipclock-extend-not-by = Không gia hạn được: chỉ { $office } có quyền gia hạn thời hạn này.

## Tệp các dòng thời hạn có chỗ sai
tipclock-too-large = tệp lớn hơn 1 MB, trong khi một tệp thời hạn chỉ vài KB; hãy xem có đúng tệp không
tipclock-too-deep = các ngoặc lồng nhau quá sâu; một dòng thời hạn không cần ngoặc lồng nhau, hãy viết gọn lại
tipclock-twice = mục hoặc bảng này đã có ở trên; hãy bỏ một chỗ, hoặc bắt đầu dòng thời hạn mới bằng [[clock]]
tipclock-header = tên bảng chưa đóng ngoặc; hãy viết [[clock]]
tipclock-value = giá trị này không dùng được; hãy xem mẫu trong documents/data/tip-clocks.toml
tipclock-none = chưa có dòng thời hạn nào; hãy viết ít nhất một bảng [[clock]]
tipclock-no-source = dòng thời hạn chưa có căn cứ pháp lý; hãy ghi văn bản và điều khoản vào source, hoặc own = true cùng tên nơi đặt ra quy tắc riêng
tipclock-length-low = thời hạn là { $length }, trong khi phải từ 1 trở lên; hãy sửa số
tipclock-length-high = thời hạn dài quá; với measure = "{ $measure }" hãy viết nhiều nhất { $most }
tipclock-word = “{ $value }” không có trong các lựa chọn; hãy viết một trong: { $choices }
tipclock-until-none = chưa nói điều gì làm đồng hồ dừng; hãy viết ít nhất một trong: { $choices }
tipclock-until-trigger = “{ $value }” vừa làm đồng hồ chạy vừa làm nó dừng; hãy bỏ một chỗ
tipclock-valid-to = hết hiệu lực ngày { $to }, trước ngày có hiệu lực là { $from }; hãy sửa một trong hai
tipclock-overlap = dòng “{ $id }” này và dòng ở { $owner } cùng có hiệu lực ngày { $day }; hãy ghi valid_to cho dòng cũ
tipclock-idle-first-day = counts_first_day chỉ dùng khi đếm ngày; hãy bỏ đi
tipclock-idle-moves = moves chỉ dùng khi đếm ngày hoặc tháng; hãy bỏ đi
tipclock-idle-calendar = calendar = "every-day" không có ngày nghỉ, nên không đi cùng ngày làm việc hoặc moves; hãy sửa một trong hai
tipclock-passes-on = passes_on chỉ dùng khi đếm giờ; hãy bỏ đi, hoặc viết measure = "hours"
tipclock-extends-trigger = dòng gia hạn phải có cả trigger = "extended" và extends = mã của dòng được gia hạn; hãy viết đủ hai mục, hoặc bỏ cả hai
tipclock-extends-unknown = không có dòng nào mang mã “{ $id }”; hãy sửa extends
tipclock-extends-circle = “{ $id }” tự gia hạn cho chính nó; hãy sửa extends
tipclock-extends-nobody = dòng “{ $id }” chưa nói ai được gia hạn; hãy ghi extendable_by ở dòng đó
tipclock-extends-idle = mục này không dùng cho dòng gia hạn, vì dòng được gia hạn đã nói rồi; hãy bỏ đi
tipclock-idle-from-due = from_due chỉ dùng cho dòng gia hạn; hãy bỏ đi, hoặc ghi extends
tipclock-extendable-idle = không có dòng nào gia hạn cho “{ $id }”; hãy thêm dòng có extends = "{ $id }", hoặc bỏ extendable_by

## Đồng hồ của tin, trong chat điều phối
tip-clocks-head = Thời hạn của tin báo
tip-clocks-more = … và { $count } thời hạn nữa.
tip-clock-done-arrival-told = Đã thông báo tiếp nhận
tip-clock-done-result-told = Đã thông báo kết quả
tip-clock-noted = Đã ghi nhận cho tin { $name }. Đồng hồ đã dừng.
tip-clock-noted-before = Việc này đã được ghi nhận từ trước.
