# Bàn điều phối xử lý tin: thẻ của tin, các nút, danh sách tin đang mở. Với người điều phối: "đồng chí", gọn.

## Thẻ của tin
triage-head = Tin báo
triage-take = Nhận xử lý
triage-check = Đang xác minh
triage-close = Xong…
triage-forward = Chuyển
triage-same = Trùng
triage-spam = Rác
triage-return = Trả lại
triage-reopen = Mở lại
triage-is-received = Chưa ai nhận
triage-is-taken = Đang xử lý: { $who }, từ { $when }
triage-is-checking = Đang xác minh: { $who }, từ { $when }
triage-is-closed = Đã đóng ({ $outcome }): { $who }, { $when }
triage-is-forwarded = Đã chuyển { $unit }: { $who }, { $when }
triage-as-confirmed = Đúng như tin báo
triage-as-unfounded = Kiểm tra, không có
triage-as-spam = Rác
triage-as-forwarded = Chuyển nơi khác
triage-as-no-way = Không đủ để kiểm tra
triage-as-duplicate = Trùng tin khác
triage-hour = { $hour } giờ { $day }
triage-nobody = không rõ ai
triage-like = Cùng việc với: { $names }
triage-blocked = Từ người gửi đang bị chặn trong ngày.

## Bấm nút
triage-no-such = Không có tin này.
triage-not-now = Chưa làm được, vì tin { $name } đã khác. { $stands }.
triage-close-how = Tin { $name } kết thúc thế nào?
triage-answered = Tin { $name }. { $stands }.
triage-same-none = Trong 14 ngày không có tin nào khác cùng xã, cùng loại với tin { $name }.
triage-same-which = Tin { $name } trùng với tin nào? Tin đến sau sẽ đóng; hai tin được ghép với nhau.
triage-same-line = { $name } · { $when } · { $stands }

## Chuyển
triage-unit = Chuyển tới đơn vị nào? Gõ vài chữ trong tên, không cần dấu.
triage-sure = Chuyển tin { $name } tới { $unit }? { $count ->
        [0] Đơn vị chưa có nhóm nào ở đây; đồng chí phải báo riêng.
       *[other] { $count } nhóm sẽ được báo, không kèm nội dung.
    }
triage-send = Chuyển
triage-forwarded = Đã chuyển tin { $name } tới { $unit }. { $count ->
        [0] Đơn vị chưa có nhóm nào ở đây; đồng chí báo riêng giúp.
       *[other] Đã báo { $count } nhóm.
    }
triage-to-unit-head = Ban điều phối chuyển tới một tin báo
triage-to-unit = Nội dung được niêm phong; đồng chí liên hệ ban điều phối để nhận.

## Hộp thư
triage-inbox-head = Tin đang mở
triage-inbox-head-blocked = Tin từ người gửi bị chặn
triage-inbox = Chưa nhận { $received } · đang xử lý { $taken } · đang xác minh { $checking }
triage-inbox-line = { $tip }
    Đến cách đây { $since } · { $stands }
triage-inbox-empty = Không có tin nào.
triage-inbox-more = Xem tiếp
triage-inbox-blocked = Từ người gửi bị chặn ({ $count })

## Dòng lệnh
triage-cli-ask-answer = Gửi người báo tin
triage-cli-answered = Đã gửi vào mã tin của { $name }. Người gửi đọc khi mở lại bằng mã; ai chọn báo tại chỗ thì được báo trong nửa phút, khi "tinbao run" đang chạy.
triage-cli-answer-empty = Chưa có lời nào để gửi; hãy gõ hoặc chuyển vào qua đầu vào chuẩn.
triage-cli-answer-long = Lời nhắn dài { $length } ký tự, nhiều nhất là { $most }; hãy viết ngắn lại hoặc gửi làm hai lần.
triage-cli-answer-no-text = Đầu vào không phải văn bản UTF-8; hãy gửi bằng chữ.
triage-cli-tip-unknown = Không có tin “{ $name }”; xem tên ngắn ở nhóm điều phối, hoặc "tinbao tips read".
triage-cli-tip-many = Có nhiều tin bắt đầu bằng “{ $name }”; hãy gõ dài hơn.
triage-cli-talk-over = Người gửi tin { $name } không muốn trao đổi nữa; không gửi gì.
