# The pages of the web channel.

web-name = Tin Báo
web-you = Bạn
web-title = Tin báo phòng, chống ma túy · { $province }
web-speaking-as = Đồng chí đang viết với tên { $name }
web-messages = Hội thoại
web-nothing = Chưa có tin nhắn nào.

web-danger = Đang có nguy hiểm ngay lúc này?
web-call = Gọi 113
web-greeting = Chào bạn. Bạn có thể báo tin tại đây mà không cần cho biết mình là ai.
web-hidden = Trang này không hỏi và không biết tên, số điện thoại hay tài khoản của bạn; không ghi lại địa chỉ mạng (IP) hay loại máy.
web-seen = Nhà mạng hoặc người cùng dùng máy có thể biết bạn đã mở trang này. Kín nhất là mở bằng Tor Browser.
web-cookie = Khi bạn bấm Bắt đầu, trình duyệt giữ một mã tạm (cookie) cho cuộc trò chuyện này; đóng trình duyệt là mất.
web-start = Bắt đầu
web-old-button = (nút cũ)

web-exit = Thoát nhanh
web-exit-why = Rời ngay sang một trang báo
web-reload = Tải lại
web-updated = lúc { $time }
web-other-language = English
web-source = Mã nguồn (AGPL)
web-home = Về trang đầu

web-write = Viết tin nhắn…
web-send = Gửi
web-sending = Đang gửi…
web-reply = Trả lời
web-replying = Trả lời:
web-no-reply = Bỏ
web-unreachable = Chưa gửi được: không kết nối được tới máy chủ. Điều bạn viết vẫn còn đây; hãy thử lại.
web-lost = Mất kết nối, đang thử lại…
web-you-wrote = Bạn đã viết (hãy chép lại nếu cần):

web-problem = Có lỗi ở phía chúng tôi. Bạn thử lại sau ít phút nhé.
web-problem-not-found = Không có trang này.
web-problem-link = Liên kết này không mở được phòng nào: có thể đã hết hạn hoặc chép thiếu. Đồng chí hãy xin liên kết mới từ điều phối viên.
web-problem-method = Địa chỉ này không mở theo cách đó.
web-problem-foreign = Yêu cầu không đến từ trang này nên chưa được nhận. Bạn hãy mở lại trang rồi gửi lại.
web-problem-type = Máy chủ chỉ nhận biểu mẫu của trang này.
web-problem-form = Trang này đã cũ hoặc bị thay đổi. Bạn hãy tải lại trang rồi gửi lại.
web-problem-ended = Cuộc trò chuyện trước đã kết thúc. Bạn hãy bấm Bắt đầu để mở cuộc mới.
web-problem-too-big = Nội dung quá lớn, chưa gửi được. Bạn hãy quay lại và chia thành nhiều tin ngắn hơn.
web-problem-too-long = Tin dài { $length } ký tự, mỗi tin chỉ được { $limit } ký tự. Bạn hãy chia thành nhiều tin; điều bạn viết vẫn còn bên dưới.
web-problem-empty = Bạn chưa viết gì.
web-problem-slow = Đường truyền quá chậm, chưa nhận đủ. Bạn hãy gửi lại.
web-problem-not-sent = Chưa gửi được vì lỗi ở phía chúng tôi. Điều bạn viết vẫn còn đây; hãy gửi lại sau ít phút.

web-weekday-1 = Thứ Hai
web-weekday-2 = Thứ Ba
web-weekday-3 = Thứ Tư
web-weekday-4 = Thứ Năm
web-weekday-5 = Thứ Sáu
web-weekday-6 = Thứ Bảy
web-weekday-7 = Chủ nhật

web-demo-title = Tin Báo · Dùng thử · { $province }
web-demo-name = Tin Báo · Dùng thử
web-demo-clock = Đồng hồ của bản dùng thử
web-demo-hour = +1 giờ
web-demo-day = +1 ngày
web-demo-monday = Tới thứ Hai 09:00
web-demo-due = Tới hạn kế tiếp
web-demo-moving = Đang chuyển giờ…
web-demo-whom = Xem ai
web-demo-citizen-tab = Người dân
web-demo-unit-tab = Đơn vị
web-demo-coordinators-tab = Điều phối
web-demo-citizen = Người dân
web-demo-citizen-try = Bấm Bắt đầu, gửi một tin báo và nhận mã tin 16 số.
web-demo-unit = Phòng của đơn vị
web-demo-unit-try = Chuyển đồng hồ tới thứ Hai; khi có nhắc việc, bấm nút hoặc trả lời: «xong 80%, vướng kinh phí».
web-demo-coordinators = Phòng điều phối
web-demo-coordinators-try = Gõ /thongbao để gửi thông báo; tin báo và kết quả của đơn vị hiện tại đây.
web-demo-which-unit = Chọn đơn vị
web-demo-show = Xem
web-level-province = Cấp tỉnh
web-level-commune = Xã, phường
