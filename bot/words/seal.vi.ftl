# Tệp khoá của người đọc tin, và khoá của hệ thống.

seal-key-file-not-a-key = Đây không phải tệp khoá của Tin Báo.
seal-key-file-private-half = Đây là nửa riêng của khoá. Tệp này chỉ ở lại máy của người đọc tin, không được đưa lên hệ thống; xin gửi tệp khoá công khai.
seal-key-file-public-half = Đây là nửa công khai của khoá, chỉ dùng để niêm phong. Muốn đọc tin, cần tệp khoá riêng.
seal-key-file-damaged = Tệp khoá bị hỏng hoặc thiếu ở dòng "{ $line }".
seal-key-file-line-twice = Tệp khoá bị hỏng: có dòng bị lặp lại.
seal-key-file-fingerprint = Dấu nhận dạng không khớp với khoá công khai: tệp đã bị sửa hoặc chép sai.
seal-key-file-halves-differ = Hai nửa của khoá không thuộc về nhau: tệp đã bị sửa hoặc chép sai.
seal-key-file-locked = Khoá này được bảo vệ bằng mật khẩu. Xin nhập mật khẩu.
seal-key-file-wrong-passphrase = Mật khẩu không đúng, hoặc tệp khoá đã bị sửa.
seal-key-file-empty-passphrase = Mật khẩu không được để trống.
seal-key-file-name = Tên người đọc tin phải là một dòng chữ, dài nhất 80 ký tự.
seal-keyring-exists = Đã có tệp khoá { $path }; không ghi đè lên.
seal-keyring-missing = Không tìm thấy tệp khoá { $path }. Xin chạy "tinbao init", hoặc chép lại tệp khoá từ bản sao lưu.
seal-keyring-unreadable = Không đọc được tệp khoá { $path }.
seal-keyring-not-written = Không ghi được tệp khoá { $path }.
seal-keyring-open-to-others = Người khác trên máy này đọc được tệp khoá { $path }. Xin đặt quyền 0600 cho tệp (chmod 600).
seal-keyring-size = Tệp khoá { $path } phải dài đúng 32 byte; tệp này không phải khoá của hệ thống hoặc đã bị hỏng.
