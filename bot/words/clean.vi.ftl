# Tệp bạn gửi: vì sao không nhận, và điều người đọc tin cần biết về tệp.

clean-empty = Tệp này rỗng. Bạn mở lại xem, rồi gửi lại giúp nhé.
clean-too-big = Tệp này lớn hơn 20 MB nên không gửi được. Bạn gửi ảnh nhỏ hơn, hoặc cắt phim thành nhiều đoạn ngắn.
clean-broken = Không đọc được tệp này: tệp bị hỏng hoặc chưa tải lên hết. Bạn gửi lại, hoặc chụp màn hình rồi gửi ảnh chụp.
clean-bomb = Tệp này mở ra quá lớn nên không nhận được. Bạn gửi ảnh nhỏ hơn, hoặc gửi từng phần.
clean-program = Tệp này là chương trình hoặc có chứa chương trình nên không nhận được. Bạn chụp màn hình rồi gửi ảnh chụp.

clean-left-encrypted = Tệp có mật khẩu nên chưa xóa được thông tin kèm theo (tên, thời gian, vị trí). Xin đồng chí mở cẩn thận và không chuyển tiếp nguyên tệp.
clean-left-unknown = Hệ thống không làm sạch được loại tệp này; tệp có thể còn tên, thời gian, vị trí của người gửi. Xin đồng chí mở cẩn thận và không chuyển tiếp nguyên tệp.
clean-left-part = Tệp đã được làm sạch, trừ một phần đính bên trong; phần đó có thể còn tên, thời gian, vị trí. Xin đồng chí không chuyển tiếp nguyên tệp.
clean-left-no-media = Máy chủ chưa cài phần làm sạch phim và âm thanh; tệp có thể còn tên, thời gian, vị trí của người gửi. Xin đồng chí không chuyển tiếp nguyên tệp.
