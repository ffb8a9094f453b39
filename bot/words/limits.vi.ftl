# Giới hạn chống gửi dồn dập và chống dò mã (bot/domain/limits.py, bot/domain/refusal.py).

limits-conversation = Bạn đã thử mã { $most } lần trong { $per }. { $wait }
limits-network = Từ mạng bạn đang dùng vừa có nhiều lượt mở mã, nên lúc này cả mạng chỉ được thử { $most } lần trong { $per }. { $wait } Bạn cũng có thể mở mã từ một mạng khác.
limits-pace = Bạn gửi nhanh quá: nhiều nhất { $most } tin nhắn trong { $per }. { $wait } Những gì gửi trong lúc này không được nhận.
limits-tips = Bạn đã gửi { $most } tin báo trong { $per }; đó là nhiều nhất. { $wait } Nếu có người đang gặp nguy hiểm, hãy gọi 113 ngay.
limits-files = Nhiều nhất { $most } tệp trong { $per }; tệp này chưa được nhận. { $wait } Bạn vẫn có thể viết bằng lời.
limits-bytes = Nhiều nhất { $most } MB tệp trong { $per }; tệp này chưa được nhận. { $wait } Bạn vẫn có thể viết bằng lời.

limits-delay = Đang mở mã. Câu trả lời sẽ đến sau { $number } giây.

limits-wait-seconds = Hãy đợi { $number } giây rồi thử lại.
limits-wait-time = Hãy đợi đến { $time } rồi thử lại.
limits-wait-day = Hãy đợi đến { $time } ngày { $day } rồi thử lại.
limits-hours = { $number ->
    [1] một giờ
   *[other] { $number } giờ
}
limits-minutes = { $number ->
    [1] một phút
   *[other] { $number } phút
}
limits-seconds = { $number } giây
