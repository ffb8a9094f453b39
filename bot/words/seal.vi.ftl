# Tệp khóa của người đọc tin, và khóa của hệ thống.

seal-key-file-not-a-key = Đây không phải tệp khóa của Tin Báo.
seal-key-file-private-half = Đây là nửa riêng của khóa. Tệp này chỉ ở lại máy của người đọc tin, không được đưa lên hệ thống; xin gửi tệp khóa công khai.
seal-key-file-public-half = Đây là nửa công khai của khóa, chỉ dùng để niêm phong. Muốn đọc tin, cần tệp khóa riêng.
seal-key-file-damaged = Tệp khóa bị hỏng hoặc thiếu ở dòng "{ $line }".
seal-key-file-line-twice = Tệp khóa bị hỏng: có dòng bị lặp lại.
seal-key-file-fingerprint = Dấu nhận dạng không khớp với khóa công khai: tệp đã bị sửa hoặc chép sai.
seal-key-file-halves-differ = Hai nửa của khóa không thuộc về nhau: tệp đã bị sửa hoặc chép sai.
seal-key-file-locked = Khóa này được bảo vệ bằng mật khẩu. Xin nhập mật khẩu.
seal-key-file-wrong-passphrase = Mật khẩu không đúng, hoặc tệp khóa đã bị sửa.
seal-key-file-empty-passphrase = Mật khẩu không được để trống.
seal-key-file-name = Tên người đọc tin phải là một dòng chữ, dài nhất 80 ký tự.
seal-keyring-exists = Đã có tệp khóa { $path }; không ghi đè lên.
seal-keyring-missing = Không tìm thấy tệp khóa { $path }. Xin chạy "tinbao init", hoặc chép lại tệp khóa từ bản sao lưu.
seal-keyring-unreadable = Không đọc được tệp khóa { $path }.
seal-keyring-not-written = Không ghi được tệp khóa { $path }.
seal-keyring-open-to-others = Người khác trên máy này đọc được tệp khóa { $path }. Xin đặt quyền 0600 cho tệp (chmod 600).
seal-keyring-size = Tệp khóa { $path } phải dài đúng 32 byte; tệp này không phải khóa của hệ thống hoặc đã bị hỏng.
