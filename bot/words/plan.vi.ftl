# Tệp kế hoạch (TOML) có chỗ sai: sai ở tệp nào, dòng nào, mục nào, và phải làm gì.
# "Mục" là tên đứng trước dấu =, "bảng" là [plan], [[unit]], [[obligation]]…

plan-at-key = { $file }, dòng { $line }, { $key }: { $what }
plan-at-line = { $file }, dòng { $line }: { $what }
plan-at-file = { $file }: { $what }

## Cả tệp
plan-too-large = tệp lớn hơn 1 MB, trong khi một kế hoạch chỉ vài chục KB; hãy xem có đúng tệp không
plan-not-utf8 = chữ ở đây không phải mã UTF-8; hãy lưu lại tệp bằng UTF-8
plan-too-deep = các ngoặc lồng nhau quá sâu, trong khi kế hoạch chỉ cần hai tầng; hãy viết gọn lại
plan-toml = viết chưa đúng cách của TOML; hãy xem lại dấu ngoặc, dấu nháy và dấu phẩy
plan-toml-string = thiếu dấu nháy đóng; hãy đóng dấu nháy ở cuối chữ, ngay trên dòng đó
plan-toml-character = có ký tự điều khiển không nhìn thấy được; hãy xóa và gõ lại chỗ này
plan-toml-backslash = dấu \ trong chữ phải viết thành \\
plan-toml-twice = mục hoặc bảng này đã có ở trên; hãy bỏ một chỗ, hoặc viết bảng lặp lại bằng hai ngoặc vuông như [[unit]]
plan-toml-header = tên bảng chưa đóng ngoặc; hãy viết như [plan] hoặc [[unit]]
plan-toml-equals = sau tên mục phải là dấu =, và tên mục chỉ có a-z, 0-9, - và _; hãy viết như title = "…"
plan-toml-rest = có chữ thừa sau giá trị; hãy viết mỗi mục trên một dòng, ghi chú đặt sau dấu #
plan-toml-unclosed = ngoặc chưa đóng, hoặc thiếu dấu phẩy giữa hai giá trị; hãy sửa lại
plan-toml-statement = dòng này không phải bảng, cũng không phải mục; hãy viết như title = "…", ghi chú đặt sau dấu #
plan-toml-value = không đọc được giá trị này; chữ viết trong dấu nháy kép, ngày như 2026-02-28, số không có dấu nháy

## Bảng và mục
plan-no-such-table = không có bảng này; các bảng là { $tables }; hãy sửa tên
plan-no-table = chỗ này phải là một bảng; hãy viết tên bảng trong ngoặc vuông, các mục ở những dòng dưới
plan-several = bảng này có thể có nhiều; hãy viết [[{ $table }]]
plan-key-unknown = không có mục này; hãy sửa tên hoặc bỏ đi
plan-key-missing = thiếu mục này; hãy thêm vào

## Giá trị
plan-value = giá trị này không dùng được; hãy xem mẫu trong plans/lao-cai-2026.toml
plan-type = hãy viết { $wanted ->
    [str] chữ trong dấu nháy kép, như "Sở Y tế"
    [int] một số nguyên, không có dấu nháy
    [float] một số, không có dấu nháy
    [bool] true (có) hoặc false (không), không có dấu nháy
    [array] một danh sách trong ngoặc vuông, như ["all"]
    [object] các mục trong ngoặc nhọn, như {"{"} before = 2026-02-28 {"}"}
    [date] một ngày như 2026-02-28, không có dấu nháy
    [time] một giờ như 10:00:00, không có dấu nháy
   *[other] giá trị khác
}; ở đây lại là { $got ->
    [str] chữ
    [int] số nguyên
    [float] số thập phân
    [bool] true hoặc false
    [array] danh sách
    [object] ngoặc nhọn
    [date] một ngày
    [time] một giờ
    [datetime] cả ngày lẫn giờ
   *[other] thứ khác
}
plan-choice = “{ $value }” không có trong các lựa chọn; hãy viết một trong: { $choices }
plan-list-empty = danh sách đang trống; hãy viết ít nhất một giá trị
plan-text-empty = đang để trống; hãy điền vào
plan-text-long = dài quá; hãy viết nhiều nhất { $bound } ký tự
plan-number-low = số nhỏ quá; hãy viết số từ { $bound } trở lên
plan-number-high = số lớn quá; hãy viết số không quá { $bound }
plan-write-code = mã gồm 1 đến 32 chữ thường a-z không dấu, chữ số và gạch nối, không bắt đầu bằng gạch nối; hãy sửa mã
plan-write-line = hãy viết trên một dòng, không có ký tự điều khiển
plan-write-month-day = hãy viết tháng rồi ngày, như "01-05" là ngày 5 tháng 1
plan-write-issued = hãy viết "2026-02-13", hoặc "2026-02" nếu chưa biết ngày
plan-write-day = hãy viết ngày như 2026-02-28, không có dấu nháy
plan-write-time = hãy viết giờ như 10:00:00, không có dấu nháy
plan-no-day = { $value } không có trên lịch; hãy sửa ngày
plan-no-time = { $value } không phải giờ trong ngày; hãy viết như 10:00:00
plan-no-zone = không có múi giờ “{ $zone }”; hãy viết "Asia/Ho_Chi_Minh"
plan-no-province = không có tỉnh, thành phố nào tên “{ $province }”; hãy viết tên như "Lào Cai"

## Đơn vị, thang nhắc việc, số liệu
plan-code-taken = mã “{ $code }” đã dùng ở { $owner }; hãy chọn mã khác
plan-no-unit = “{ $selector }” không chỉ đơn vị nào; hãy viết mã của một [[unit]], "all", "level:commune" hoặc "body:…"
plan-nobody-left = không còn đơn vị nào sau khi trừ; hãy bỏ bớt phần trừ (viết sau dấu -)
plan-no-parent = không có [[unit]] nào mang mã “{ $code }”; hãy sửa mã hoặc thêm đơn vị đó
plan-parent-circle = “{ $code }” thành cấp trên của chính mình; hãy sửa parent
plan-no-ladder = không có [[ladder]] nào tên “{ $name }”; hãy sửa tên hoặc thêm thang nhắc việc đó
plan-rung-before = bậc nhắc trước hạn thì days và minutes không được lớn hơn 0; hãy viết số âm hoặc 0
plan-rung-after = bậc nhắc sau hạn thì days tính từ 1; hãy viết 1 trở lên
plan-numbers-reversed = số liệu “{ $code }” có low { $low } lớn hơn high { $high }; hãy sửa một trong hai
plan-numbers-twice = hai số liệu có cùng một mã; hãy đổi một mã

## Thời hạn
plan-deadline-none = chưa có thời hạn; hãy viết đúng một trong: { $keys }
plan-deadline-several = có { $given } cùng lúc; hãy giữ lại một
plan-key-idle = “{ $key }” không dùng được cùng { $beside }; hãy bỏ đi
plan-year-far = { $day } không nằm trong các năm 2000 đến 2199; hãy sửa năm
plan-time-offset = hãy viết giờ của tỉnh, không kèm độ lệch múi giờ
plan-starts-late = bắt đầu ngày { $start }, sau ngày cuối cùng là { $last }; hãy sửa một trong hai
plan-ends-early = kết thúc ngày { $until }, trước ngày bắt đầu là { $start }; hãy sửa một trong hai
plan-no-start = việc lặp lại phải có ngày bắt đầu; hãy viết from = ngày đầu tiên được tính
plan-time-needs-by = giờ phải đi cùng một ngày; hãy viết { $by } thay cho before, rồi at
plan-time-needs-day = giờ phải đi cùng một ngày; hãy thêm by_weekday, by_day hoặc by_date
plan-day-twice = { $key } đã nói ngày rồi; hãy bỏ một trong hai
plan-no-period = “{ $period }” không phải một kỳ; hãy viết "2026", "2026-Q1", "2026-H1" hoặc "2026-03"
plan-before-issue = ngày cuối cùng { $last } đứng trước lúc ban hành kế hoạch ({ $issued }); hãy xem lại năm
