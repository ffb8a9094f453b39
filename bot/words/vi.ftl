# Tiếng Việt. Với người dân: "bạn", ngắn, ấm, không văn phòng. Với cán bộ: "đồng chí", gọn.

## Câu hỏi nào cũng có
ask-back = Quay lại
ask-skip = Bỏ qua
ask-cancel = Hủy
ask-done = Xong
ask-by-reply = (Trả lời vào tin nhắn này.)
ask-picked = Đã chọn: { $list }
ask-found = Chọn một dòng dưới đây, hoặc gõ lại.
ask-empty = Bạn chưa viết gì.
ask-too-short = Ngắn quá, chưa đủ hiểu. Viết giúp ít nhất { $least } chữ cái nhé.
ask-too-long = Dài quá: { $length } ký tự, nhiều nhất là { $most }. Hãy viết ngắn lại hoặc gửi làm hai phần.
ask-no-number = Xin gõ một số từ { $low } đến { $high }.
ask-out-of-range = { $number } không nằm trong khoảng { $low } đến { $high }. Xin gõ lại.
ask-not-offered = Câu này không có lựa chọn đó. Hãy bấm một nút, hoặc gõ số hay tên của lựa chọn.
ask-nothing-found = Không tìm thấy “{ $typed }”. Hãy gõ vài chữ trong tên, không cần dấu.
ask-answered = Câu này đã nhận rồi, không cần bấm lại.
ask-old-button = Nút vừa bấm thuộc câu hỏi trước. Câu đang chờ là câu này; muốn sửa câu trước, bấm “Quay lại”.
ask-edit = Sửa
ask-edit-which = Sửa câu nào?
ask-files-wanted = Câu này chờ ảnh, video, ghi âm hoặc tệp. Không có thì bấm “Không có”; đã gửi đủ thì bấm “Xong”.
ask-files-so-far = Đã nhận { $count } tệp (nhiều nhất { $most }). Gửi thêm, hoặc bấm “Xong”.
ask-files-full = Đã nhận đủ { $most } tệp. Bấm “Xong” để đi tiếp.
ask-files-too-many = Chỉ nhận được { $most } tệp; các tệp gửi sau không được giữ lại. Bấm “Xong” để đi tiếp.
ask-clear-files = Bỏ hết tệp
ask-files-cleared = Đã bỏ hết các tệp vừa gửi; chúng không đi cùng tin.
ask-files-held = Đã nhận tệp, sẽ kèm vào tin. Câu này còn cần bạn trả lời.
ask-place-not-here = Câu này không cần vị trí; vị trí bạn gửi không được giữ lại.
ask-place-far = Vị trí này không gần xã, phường nào; nó không được giữ lại. Hãy gõ tên xã, phường.
confirm-yes = Đồng ý

## Nhà chung
house-sorry = Xin lỗi, máy gặp lỗi và chưa ghi được gì. Hãy thử lại sau ít phút; những gì đã trả lời trước đó vẫn còn.
house-cancelled = Đã hủy. Không có gì được gửi đi.
house-set-aside = (Việc đang làm dở trước đó đã bỏ, chưa gửi gì.)
house-old-button = Nút này không dùng được nữa: cuộc trò chuyện đó đã xong, hoặc là của người khác. Cần gì, gõ /trogiup.
house-nothing-open = Không có việc gì đang làm dở.
house-too-long = Tin nhắn dài { $length } ký tự, nhiều nhất là { $most }. Hãy chia thành nhiều tin ngắn hơn.
house-not-yours = Việc này không thuộc quyền của đồng chí ở đây.
house-not-understood = Tôi chưa hiểu ý đồng chí. Gõ /viec để xem việc của đơn vị, /trogiup để xem các lệnh.
house-unknown-command = Không có lệnh { $command }. Gõ /trogiup để xem các lệnh.
house-other-language = English
house-language-changed = Từ giờ tôi nói tiếng Việt.
house-again = (gửi lại)
house-chat-lost = Không gửi được tới “{ $chat }” ({ $channel }) nữa: bot đã bị chặn, bị đưa ra khỏi nhóm hoặc nhóm không còn. Cần nối lại nhóm bằng mã mới: /moi
channel-web = Trang web
channel-telegram = Telegram
channel-script = Kênh này

## Giờ giấc
when-weekday = { $weekday ->
    [1] thứ Hai
    [2] thứ Ba
    [3] thứ Tư
    [4] thứ Năm
    [5] thứ Sáu
    [6] thứ Bảy
   *[7] Chủ nhật
}
when-day = hết { when-weekday } { $day }
when-time = trước { $time } { when-weekday } { $day }
when-moment = { $time } ngày { $day }
left-days = còn { $days } ngày
left-today = hôm nay là hạn cuối
left-just-over = đã đến hạn
left-over = quá hạn { $days } ngày
period = { $kind ->
    [week] tuần { $number }/{ $year }
    [month] tháng { $number }/{ $year }
    [quarter] quý { $number }/{ $year }
    [half] 6 tháng { $number ->
        [1] đầu năm
       *[other] cuối năm
    } { $year }
   *[year] năm { $year }
}
period-day = kỳ hạn { $day }

## Việc của đơn vị
selector-all = tất cả các đơn vị
selector-commune = UBND các xã, phường
selector-province = các cơ quan cấp tỉnh
selector-steering = các đơn vị thành viên Ban Chỉ đạo
selector-department = các sở, ban, ngành
selector-mass = các đoàn thể
card-gone = Kế hoạch không còn yêu cầu việc này nữa.
card-title = { $title } ({ $period })
card-who = 1. Ai làm: { $what }
card-what = 2. Việc gì: { $what }
card-when = 3. Khi nào: { $what }
card-responsibility = 4. Trách nhiệm: { $what }
card-result = 5. Kết quả: { $what }
card-authority = 6. Thẩm quyền: { $what }
card-alone = tự thực hiện
card-partners = chủ trì; phối hợp: { $list }
card-unsaid = kế hoạch không nêu
card-reported-to = báo cáo { $whom }
card-nothing-yet = Chưa có báo cáo nào.
card-progress = Mới nhất ({ $at }): { $percent }%. Kết quả: { $result }. Vướng mắc: { $difficulties }.
card-done = Đã xong ({ $at }): { $percent }%. Kết quả: { $result }. Vướng mắc: { $difficulties }.
button-report = Báo cáo
button-why = Vì sao hạn này?
button-card = Xem 6 rõ
work-head = Việc của { $units }: { $count }
work-none = { $units } không còn việc nào trong 45 ngày tới. Cảm ơn đồng chí.
work-how = Bấm số của việc để xem và báo cáo, hoặc trả lời tin này bằng một câu.
work-more = … và { $count } việc nữa: gõ /viec { $page }
work-not-yours = Việc này không phải của đơn vị ở đây, hoặc không còn nữa.
work-not-here = Ở đây không có việc của đơn vị nào. Gõ /viec trong nhóm của đơn vị, hoặc nhắn riêng nếu đồng chí thuộc một đơn vị.
work-not-understood = Tôi chưa hiểu. Để báo cáo, viết ví dụ “xong 80%, vướng kinh phí”, hoặc gõ /viec để chọn việc.
why = { $text }
why-source = Nguồn: { $section } của kế hoạch.
reminder-head = Nhắc việc · { $units }
reminder-head-late = Nhắc việc (muộn) · { $units }
reminder-line = { $title }
    Hạn: { $when }, { $left }.
reminder-line-to = { $title } – gửi { $whom }
    Hạn: { $when }, { $left }.
reminder-how = Bấm “Báo cáo”, hoặc trả lời tin này bằng một câu, ví dụ “xong 80%, vướng kinh phí”.

## Tiến độ
progress-which = Báo cáo việc nào?
progress-percent = Đã làm được bao nhiêu phần trăm? (0 đến 100)
progress-result = Kết quả chính là gì? Viết ngắn, có số liệu càng tốt.
progress-result-skip = Chưa có
progress-stuck = Có khó khăn, vướng mắc gì không?
progress-stuck-skip = Không vướng gì
progress-none = không
progress-sure = Báo cáo của { $unit }:
    { $title }
    Mức độ: { $percent }%
    Kết quả: { $result }
    Vướng mắc: { $difficulties }
progress-send = Gửi
progress-thanks = Đã gửi lúc { $at }, đúng hạn.
progress-thanks-late = Đã gửi lúc { $at }, sau hạn.
progress-stays-open = Việc chưa đủ 100% nên vẫn được nhắc.
progress-rest = { $count ->
    [0] Đơn vị không còn việc nào chờ.
   *[other] Đơn vị còn { $count } việc chờ (/viec).
}
progress-already = Việc này đã có báo cáo, không còn chờ nữa. Gõ /viec để xem việc còn lại.
progress-other-unit = Việc này của { $unit }. Đồng chí chỉ báo cáo được cho đơn vị mình.
progress-news = { $unit } báo cáo
progress-news-late = { $unit } báo cáo (sau hạn)
progress-news-text = { $what }
    Mức độ: { $percent }% · Kết quả: { $result } · Vướng mắc: { $difficulties }

## Thông báo
notice-body = Soạn thông báo: gửi nội dung.
notice-audience = Gửi cho ai?
notice-to-all = Tất cả
notice-to-commune = Xã, phường
notice-to-province = Các cơ quan cấp tỉnh
notice-to-picked = Chọn đơn vị
notice-to-warned = Người dân nhận cảnh báo
notice-sure-warned = Cảnh báo gửi { $count } người dân đã đăng ký; sẽ hiện đúng như sau:
    «{ $body }»
notice-warned = Đã xếp hàng gửi { $count } người dân. Không lưu ai đã nhận.
notice-units = Gõ vài chữ trong tên đơn vị, không cần dấu; chọn từng đơn vị rồi bấm “Xong”.
notice-sure = Xem trước:
    ────────
    Thông báo
    { $body }
    ────────
    { $chats ->
        [0] Không có nhóm nào nhận được.
       *[other] Gửi tới { $chats } nhóm.
    }{ $without ->
        [0] {""}
       *[other] {" "}{ $without } đơn vị chưa có nơi nhận: { $names }
    }
notice-send = Gửi ngay
notice-nobody = Không có nhóm nào để gửi, nên chưa gửi gì. Hãy nối nhóm của các đơn vị trước: /moi
notice-head = Thông báo
button-received = Đã nhận
notice-received = Đã ghi nhận lúc { $at }. Cảm ơn đồng chí.
notice-received-before = Đã ghi nhận từ trước rồi. Cảm ơn đồng chí.
notice-board = Đang gửi { $bar } { $delivered }/{ $chats } · đã nhận { $acknowledged }{ $lost ->
        [0] {""}
       *[other] {" "}· không gửi được { $lost }
    }
notice-board-done = Đã gửi { $bar } { $delivered }/{ $chats } · đã nhận { $acknowledged } · chưa { $open }{ $lost ->
        [0] {""}
       *[other] {" "}· không gửi được { $lost }
    }
button-missing = Ai chưa nhận?
notice-missing = Chưa nhận ({ $count }): { $names }
notice-all-received = Tất cả đã nhận.
desk-not-understood = Tôi chưa hiểu. Các lệnh ở đây: /hopthu tin đang mở, /thongbao soạn thông báo, /moi mời cán bộ hoặc nối nhóm, /trogiup.
desk-notice = Soạn thông báo

## Vào cuộc
invite-kind = Mời ai?
invite-kind-member = Một người (cán bộ, điều phối)
invite-kind-chat = Nối một nhóm
invite-kind-room = Mở một phòng trên web (liên kết riêng)
invite-unit = Của đơn vị nào? Gõ vài chữ trong tên, không cần dấu. Gõ “ban điều phối” cho nhóm hoặc người điều phối.
invite-desk = Ban điều phối
invite-made-member = Mã mời cho { $unit }: { $code }
    Người được mời nhắn riêng cho bot: /ma { $code }
    Mã dùng một lần, trong { $days } ngày.
invite-made-link = Liên kết mời cho { $unit }: { $link }
    Dùng một lần, trong { $days } ngày. Chỉ gửi cho đúng người.
invite-made-chat = Mã nối nhóm cho { $unit }: { $code }
    Thêm bot vào nhóm rồi gõ trong nhóm: /noi { $code }
    Mã dùng một lần, trong { $days } ngày.
invite-name = Người giữ liên kết tên gì?
invite-made-room = Liên kết riêng của { $name } vào phòng của { $unit }: { $link }
    Ai có liên kết này thì viết được thay { $name }; chỉ gửi cho đúng người.
invite-in-private = Mã mời chỉ hiện ở chỗ kín: hãy gõ /moi trong nhóm điều phối, hoặc nhắn riêng cho bot.
join-not-here = Mã mời không dùng ở trang này. Trên web, đồng chí cần một liên kết riêng do người điều phối mở.
join-already = { $name } đã tham gia rồi nên mã này chưa bị dùng. Muốn đổi đơn vị hay vai trò, xin báo người điều phối.
bind-other-kind = Nhóm này đang là nhóm khác loại (nhóm điều phối hoặc nhóm của đơn vị) nên không nối được bằng mã này. Mã chưa bị dùng.
join-unknown = Không có mã mời này. Hãy kiểm tra lại từng ký tự, hoặc xin mã mới.
join-used = Mã mời này đã được dùng. Hãy xin người điều phối một mã mới.
join-expired = Mã mời này đã hết hạn. Hãy xin người điều phối một mã mới.
join-for-chat = Mã này để nối nhóm: gõ trong nhóm của đơn vị, không phải ở đây.
join-for-member = Mã này để mời một người: nhắn riêng cho bot, không gõ trong nhóm.
join-first = Đồng chí chưa được mời vào chương trình. Hãy xin người điều phối liên kết mời, mở nó, rồi quay lại đây.
join-nameless = Cán bộ
join-welcome = Chào đồng chí { $name }. Đồng chí báo cáo cho { $unit }. Gõ /viec để xem việc, /trogiup khi cần.
join-welcome-coordinator = Chào đồng chí { $name }. Đồng chí là người điều phối. /hopthu xem tin đang mở, /thongbao soạn thông báo, /moi mời cán bộ hoặc nối nhóm, /trogiup khi cần.
bind-how = Gõ /noi và mã nối nhóm, ví dụ: /noi ABCDE23456
bind-done = Nhóm này là nơi nhận nhắc việc và thông báo của { $unit }. Gõ /viec để xem việc. Cán bộ cần được mời riêng để báo cáo.
bind-done-desk = Nhóm này là nhóm điều phối: tin báo mới, tiến độ và sự cố sẽ tới đây.

## Trợ giúp
help-citizen = Đây là kênh tin báo phòng, chống ma túy. Bấm “Gửi tin báo”, hoặc gõ /tin.
    Trong lúc trả lời: /lui câu trước, /boqua bỏ qua, /huy hủy. /ngonngu: English.
help-officer = /viec: việc của đơn vị, gần hạn trước.
    Trả lời một tin nhắc việc bằng một câu (“xong 80%, vướng kinh phí”) là báo cáo được ngay.
    /lui câu trước, /boqua bỏ qua, /huy hủy. /ngonngu: English.
help-coordinator = /hopthu: các tin đang mở, tin gấp trước.
    /thongbao: soạn và gửi thông báo.
    /moi: mời cán bộ, người điều phối hoặc nối một nhóm.
    /lui câu trước, /boqua bỏ qua, /huy hủy. /ngonngu: English.
help-group = Tôi nhắc việc và nhận báo cáo của đơn vị trong nhóm này. /viec: việc của đơn vị. Nhóm mới: /noi và mã nối nhóm.
help-source = Phần mềm tự do Tin Báo (AGPL-3.0). Mã nguồn của bản đang chạy: { $source }

## Bản chạy thử
demo-desk = Ban điều phối
demo-coordinator = Điều phối viên
demo-officer = Cán bộ

## Dòng lệnh
cli-demo-open = Mở { $address } bằng trình duyệt: người dân, đơn vị và ban điều phối ở cạnh nhau.
    Đọc tin đã niêm phong: tinbao tips read --key { $key } --data { $data }
cli-port-taken = Cổng { $port } đang có chương trình khác dùng; dùng cổng { $other }.
cli-running = Tin Báo đang chạy: { $channels }. Dừng bằng Ctrl+C.
cli-no-plan = Chưa có kế hoạch nào trong cơ sở dữ liệu; hãy chạy "tinbao init" hoặc "tinbao plan load TỆP.toml".
cli-no-channel = config.toml không bật kênh nào; hãy đặt enabled = true trong [web] hoặc [telegram].
cli-token-missing = Không đọc được tệp { $path } chứa mã của bot Telegram; hãy xem token_file trong [telegram].
cli-token-bad = Tệp { $path } không chứa mã của bot Telegram (dạng 123456:ABC…); hãy chép mã do @BotFather đưa vào đó.
cli-bad-value = “{ $value }” có ký tự không in được; hãy gõ lại.
cli-config-kept = { $path } đã có và được giữ nguyên.
cli-config-written = Đã viết { $path }.
cli-ask-province = Tỉnh, thành phố nào
cli-ask-plan = Tệp kế hoạch (.toml)
cli-ask-address = Địa chỉ trang web mà mọi người sẽ mở, ví dụ https://tinbao.example (để trống: chỉ máy này)
cli-ask-token = Tệp chứa mã của bot Telegram (để trống: không dùng Telegram)
cli-ask-load = Nạp kế hoạch “{ $title }”?
cli-ask-reader = Tên người đọc tin
cli-ask-passphrase = Mật khẩu của khóa
cli-founded = Dữ liệu và khóa ở { $data }. Hãy sao lưu tệp installation.key ở nơi khác: mất nó là mất mọi mã tin.
    Tiếp theo: mỗi người đọc tin chạy "tinbao keys new -o TỆP" trên máy mình, rồi "tinbao keys add TỆP.pub" ở đây; sau đó "tinbao run".
cli-first-admin = Mã của người quản trị đầu tiên (dùng một lần, trong 7 ngày): { $code }
    Nhắn riêng cho bot: /ma { $code }
cli-admin-name = Quản trị
cli-first-admin-link = Liên kết riêng của người quản trị vào phòng điều phối (giữ kín; mất thì chạy lại với --admin):
    { $link }
cli-plan-checked = Kế hoạch đọc được: { $title } – { $obligations } nhiệm vụ và chế độ báo cáo, { $units } đơn vị.
cli-plan-loaded = Đã nạp: { $title } – { $obligations } nhiệm vụ và chế độ báo cáo. Khởi động lại "tinbao run" để dùng.
cli-one-format = Chỉ chọn một trong --csv, --ics, --json.
cli-days-reversed = --to { $end } đứng trước --from { $start }; hãy đổi lại.
cli-file-exists = { $path } đã có; không ghi đè. Hãy chọn tên khác.
cli-file-not-written = Không ghi được { $path }: { $why }.
cli-file-unreadable = Không đọc được tệp { $path }.
cli-key-made = Đã tạo khóa { $path } (giữ kín, chỉ ở máy này) và { $public } (đưa cho người quản trị).
    Dấu nhận dạng để đối chiếu qua điện thoại: { $fingerprint }
cli-reader-added = { $name } ({ $id }) đọc được các tin từ bây giờ. Dấu nhận dạng: { $fingerprint }
cli-reader-known = Khóa của { $name } đã có rồi.
cli-reader-unknown = Khóa của { $name } chưa được thêm vào hệ thống này, hoặc đã bị thôi: hãy chạy "tinbao keys add".
cli-reader-no-such = Không có người đọc { $id }; xem "tinbao keys list".
cli-reader-retired = { $id } không đọc được tin nào nữa.
cli-no-readers = Chưa có người đọc tin nào: chưa thể nhận tin. Hãy chạy "tinbao keys new" rồi "tinbao keys add".
cli-no-tips = Chưa có tin nào được niêm phong cho khóa này.
cli-tip = ── { $id } · { $hour } · { $kind } · { $commune } · { $urgency }
    { $what }
cli-tip-circumstances = {"    "}Khi nào: { $happened } · Vì sao biết: { $known } · Liên quan cán bộ: { $official } · Muốn trả lời: { $back }
cli-tip-in-parts = (lời kể ở phần gửi kèm)
cli-tip-parts-closed = {"    "}({ $count } phần gửi kèm không mở được bằng khóa này.)
cli-part-citizen = [{ $hour }] Người gửi:
cli-part-desk = [{ $hour }] Ban điều phối:
cli-part-photo = ảnh ({ $size } KB)
cli-part-video = video ({ $size } KB)
cli-part-sound = ghi âm ({ $size } KB)
cli-part-file = tệp ({ $size } KB)
cli-part-dangerous = Tệp này có thể là chương trình hoặc tệp độc; được lưu với đuôi .bin. Xin đồng chí đừng mở bằng máy làm việc.
cli-part-unsaved = chưa lưu; thêm --files THƯ_MỤC để lưu ra tệp
cli-tip-closed = (Không mở được bằng khóa này.)
cli-reader-last = Chưa cho { $id } thôi: { $tips } tin chỉ người này mở được sẽ mất hẳn, và khi không còn ai đọc thì không nhận được tin mới. Nếu vẫn muốn: --yes
cli-other-version = Cơ sở dữ liệu thuộc phiên bản khác của tinbao và được để nguyên; hãy sao lưu rồi chạy "tinbao run" của bản này, hoặc dùng bản kia.
cli-token-unknown = Telegram không biết mã này của bot; hãy xem token_file trong [telegram].
cli-audit-whole = Nhật ký nguyên vẹn.
cli-audit-broken = Nhật ký đã bị sửa hoặc bị xóa dòng, bắt đầu từ dòng { $row }.
doctor-plans = Kế hoạch đã nạp: { $count }. Nếu là 0: tinbao plan load TỆP.toml
doctor-readers = Người đọc tin: { $count }. Nếu là 0 thì chưa nhận tin được: tinbao keys new, tinbao keys add
doctor-desk = Nhóm điều phối: { $count }. Nếu là 0: /moi, rồi /noi trong nhóm
doctor-bound = Đơn vị đã nối nhóm: { $bound }/{ $units }. Đơn vị chưa nối sẽ không nhận được nhắc việc: /moi
doctor-audit = Nhật ký { $row ->
        [0] nguyên vẹn.
       *[other] đã bị sửa từ dòng { $row }.
    }
doctor-telegram = Telegram trả lời: @{ $name }
doctor-telegram-bad = Telegram không nhận (trạng thái { $status }; 401: mã của bot sai, 0: không có mạng).

## config.toml và cơ sở dữ liệu
config-missing = { $path }: không có tệp này; "tinbao init" sẽ tạo.
config-no-toml = { $path }: không đọc được theo dạng TOML: { $why }
config-unknown-key = { $path }: khóa "{ $key }"{ $section ->
        [none] {""}
       *[other] {" "}trong [{ $section }]
    } không có; hãy bỏ đi hoặc xem docs/operations.md
config-wrong-value = { $path }: { $key }: giá trị không đúng ({ $why }); xem docs/operations.md
config-no-zone = { $path }: province.zone: không có múi giờ "{ $zone }"; của Việt Nam là Asia/Ho_Chi_Minh
config-no-token-file = { $path }: telegram.token_file: hãy ghi tên tệp chứa mã của bot, hoặc đặt enabled = false
config-no-source = { $path }: source: kênh web đang tắt, hãy ghi địa chỉ nơi mọi người lấy được mã nguồn của bản đang chạy (giấy phép AGPL)
config-exit = { $path }: web.exit_to: cần một địa chỉ bắt đầu bằng https:// hoặc http://
config-no-recordings = { $path }: tips.recordings: không có thư mục "{ $folder }"; hãy tạo nó hoặc để trống
config-notice-delay = { $path }: tips.notice_delay: cần hai số phút, số đầu không lớn hơn số sau
storage-unknown-url = database.url: không biết "{ $driver }"; dùng sqlite+aiosqlite:///… hoặc postgresql+asyncpg://…
storage-no-secure-delete = SQLite trên máy này không ghi đè được dữ liệu đã xóa (secure_delete); hãy cài bản làm được.
storage-in-use = { $folder }: một tinbao khác đang chạy trên thư mục dữ liệu này; hãy dừng nó trước, hoặc dùng thư mục khác.
storage-newer = Cơ sở dữ liệu này do một bản tinbao mới hơn tạo ra; hãy chạy bản đó hoặc bản mới hơn.
