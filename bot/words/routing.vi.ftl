# Tệp tuyến tiếp nhận (routes.toml): tin nào giao đơn vị nào, ai đọc; và tin không giao được cho ai.

routing-too-large = tệp lớn hơn 1 MB, trong khi tệp tuyến chỉ vài KB; hãy xem có đúng tệp không
routing-too-many = có quá { $most } bảng như vậy; hãy gộp lại bằng cách chọn nhiều xã, nhiều loại trong một bảng
routing-no-desk = thiếu nơi nhận cuối cùng khi không còn quy tắc nào; hãy thêm bảng [desk] với unit = mã đơn vị thường trực
routing-no-unit = không có đơn vị nào mang mã “{ $code }”; hãy sửa mã, hoặc thêm đơn vị đó vào kế hoạch
routing-no-commune = “{ $selector }” không chỉ đơn vị nào; hãy viết mã xã, phường, hoặc "all", "level:commune", "body:…"
routing-no-reader = không có người đọc tin nào tên “{ $name }”; hãy viết đúng tên đã đăng ký, hoặc "unit", "unit:mã-đơn-vị"
routing-never = quy tắc này không bao giờ dùng đến, vì các quy tắc đứng trên đã giao đúng những tin ấy cho đúng đơn vị ấy; hãy bỏ đi hoặc đưa lên trên
routing-nowhere = quy tắc này không hợp với tin nào, vì không chọn trúng xã, phường nào; hãy sửa communes
routing-merged-twice = “{ $code }” đã được sáp nhập ở bảng trên; hãy giữ một bảng
routing-merged-circle = “{ $code }” sáp nhập thành vòng tròn hoặc vào chính mình; hãy sửa into
routing-desk-unread = đơn vị thường trực “{ $code }” chưa có người đọc tin; hãy thêm khóa của ít nhất một người
routing-no-outside = chưa có người đọc bên ngoài, nên tin về chính nơi tiếp nhận sẽ không đến được ai; hãy khai người đó bằng lệnh tinbao init
routing-outside-of-desk = người đọc bên ngoài lại thuộc “{ $code }” hoặc cấp trên, cấp dưới của đơn vị này; hãy chọn người khác
routing-unrouted = Tin { $tip } chưa giao được cho ai: những nơi có thể nhận đều phải tránh. Đồng chí hãy chỉ định một người đọc bên ngoài.
