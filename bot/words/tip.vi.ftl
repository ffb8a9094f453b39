# Tin báo, mã tin, trao đổi bằng mã. Với người dân: "bạn", ngắn, ấm, không văn phòng.

## Lời chào
citizen-greeting = Chào bạn. Đây là kênh tin báo phòng, chống ma túy tỉnh { $province }.
    Đang có nguy hiểm ngay lúc này? Gọi { $hotlines }.
citizen-tell = Gửi tin báo
citizen-story = Điều bạn vừa viết chưa được giữ lại. Bấm “Gửi tin báo” để kể; bạn sẽ biết trước kênh này giấu được gì cho bạn.
citizen-tell-again = Gửi tin khác
citizen-receipt = Tôi có mã tin
citizen-help = Cần giúp cai nghiện
citizen-warnings = Nhận cảnh báo
citizen-listen = 🔊 { $name }
citizen-in-group = Để gửi tin báo kín đáo, xin nhắn riêng, đừng viết trong nhóm: { $link }
sound-hmong = Nghe bằng tiếng H’Mông
sound-dao = Nghe bằng tiếng Dao
sound-tay = Nghe bằng tiếng Tày
sound-giay = Nghe bằng tiếng Giáy
sound-vi = Nghe đọc câu hỏi

## Trước khi kể
tip-ready-confidential = Trước khi bắt đầu, bạn nên biết:
    • Chúng tôi không lưu tên, số điện thoại hay tài khoản { $channel } của bạn cùng với tin, trừ khi bạn chọn nhận trả lời ngay tại đây. Nội dung được niêm phong; chỉ người có khóa riêng mới đọc được.
    • { $channel } thì biết tài khoản của bạn đã nhắn cho kênh này.{ $web ->
        [none] {""}
       *[other] {" "}Trang { $web } không cần tài khoản; kín nhất là mở bằng Tor. Sang đó thì kể lại từ đầu: không có gì ở đây được mang theo.
    }
    • Đang có nguy hiểm? Đừng viết, hãy gọi { $hotlines }.
tip-ready-anonymous = Trước khi bắt đầu, bạn nên biết:
    • Trang này ẩn danh: không hỏi và không lưu tên, số điện thoại hay tài khoản. Nội dung được niêm phong; chỉ người có khóa riêng mới đọc được.
    • Nhà mạng vẫn có thể thấy máy của bạn mở trang này; kín nhất là mở bằng Tor.
    • Đang có nguy hiểm? Đừng viết, hãy gọi { $hotlines }.
tip-go = Tiếp tục ở đây
tip-go-web = Sang trang web
tip-elsewhere = Bạn mở { $web } rồi kể ở đó nhé. Ở đây không giữ lại gì.
tip-no-readers = Kênh tin báo chưa mở: chưa có ai giữ khóa đọc tin. Cần báo gấp, xin gọi { $hotlines }.

## Kể
tip-kind = Việc gì đang xảy ra?
tip-kind-selling = Mua bán
tip-kind-storing = Cất giấu, vận chuyển
tip-kind-using = Tụ tập sử dụng
tip-kind-harbouring = Chứa chấp, cho mượn chỗ
tip-kind-growing = Trồng cây có ma túy
tip-kind-precursors = Tiền chất, bóng cười
tip-kind-disguised = Thuốc lá, đồ ăn có ma túy
tip-kind-online = Trên mạng
tip-kind-person = Có người cần giúp
tip-kind-other = Việc khác
tip-help = Bạn không phải lo một mình, và xin giúp thì không phải là tố giác ai.
    • Nguy kịch, ngất, sốc thuốc: gọi 115.
    • Bị đe dọa, đánh đập: gọi 113. Trẻ em: gọi 111 (miễn phí, cả ngày đêm).
    • Hỏi về cai nghiện: trạm y tế, công an xã, phường nơi ở, hoặc { $hotlines }.
tip-help-call = Tôi chỉ cần số để gọi
tip-help-tell = Kể để được giúp
tip-only-help = Các số để gọi: 115 khi nguy kịch; 113 khi bị đe dọa; 111 cho trẻ em; { $hotlines } hoặc trạm y tế, công an xã, phường khi hỏi về cai nghiện. Chúc bạn và người thân bình an. Khi cần, bạn nhắn lại đây bất cứ lúc nào; chúng tôi không giữ lại gì.
tip-place = Ở xã, phường nào? Gõ vài chữ trong tên, không cần dấu; hoặc gửi vị trí, nó được đổi thành tên xã rồi bỏ ngay.
tip-place-typed = Ở xã, phường nào? Gõ vài chữ trong tên, không cần dấu.
tip-place-typed-skip = Không nhớ
tip-place-skip = Không nhớ
tip-place-unknown = chưa rõ xã, phường
tip-what = Kể cho chúng tôi điều bạn thấy: ai, ở đâu, khi nào. Viết hoặc nói (gửi ghi âm), thế nào cũng được.
tip-what-person = Kể về người cần giúp: đang gặp chuyện gì, ở đâu, cần gì nhất. Viết hoặc nói (gửi ghi âm), thế nào cũng được. Không cần nêu tên.
tip-what-said = «{ $what }»
tip-what-sealed = (lời kể đã được niêm phong)
tip-happened = Việc này xảy ra khi nào?
tip-happened-skip = Không rõ
tip-happened-now = Đang xảy ra
tip-happened-recent = Mấy ngày gần đây
tip-happened-often = Xảy ra nhiều lần
tip-happened-past = Đã lâu
tip-happened-unsaid = không rõ khi nào
tip-known = Vì sao bạn biết?
tip-known-skip = Không muốn nói
tip-known-seen = Tận mắt thấy
tip-known-heard = Nghe kể lại
tip-known-myself = Chính tôi gặp phải
tip-known-guessed = Tôi nghi vậy
tip-known-unsaid = không nói
tip-official = Có liên quan đến cán bộ nào không? (Nếu có, tin không được chuyển về xã, phường nơi xảy ra.)
tip-official-skip = Không biết
tip-official-no = Không
tip-official-yes = Có
tip-official-unsaid = không rõ
tip-urgency = Việc này gấp đến đâu?
tip-urgency-skip = Không rõ
tip-urgency-now = Cần có người đến ngay
tip-urgency-days = Trong vài ngày
tip-urgency-calm = Không gấp
tip-urgency-unsaid = không rõ gấp hay không
tip-evidence = Có ảnh, video hay ghi âm không? Gửi vào đây, nhiều nhất 10 tệp, mỗi tệp 20 MB; vị trí và thông tin máy ẩn trong ảnh sẽ được xóa.
tip-evidence-skip = Không có
tip-back = Bạn có muốn chúng tôi hỏi thêm hoặc báo kết quả cho bạn không?
tip-back-skip = Không
tip-back-here = Có, ngay tại đây
tip-back-receipt = Chỉ khi tôi mở lại bằng mã
tip-back-none = Không
tip-sure = Xem lại giúp chúng tôi:
    { $kind } · { $place } · { $happened }
    { $what }
    Vì sao biết: { $known }
    Liên quan cán bộ: { $official }
    Mức gấp: { $urgency }
    Tệp gửi kèm: { $files ->
        [0] không có
       *[other] { $files }
    }
    Hỏi lại, báo kết quả: { $back }
tip-sure-person = Xem lại giúp chúng tôi:
    { $kind } · { $place }
    { $what }
    Mức gấp: { $urgency }
    Tệp gửi kèm: { $files ->
        [0] không có
       *[other] { $files }
    }
    Hỏi lại, báo kết quả: { $back }
tip-send = Gửi
tip-edit-kind = Việc gì
tip-edit-place = Xã, phường
tip-edit-what = Lời kể
tip-edit-happened = Khi nào
tip-edit-known = Vì sao biết
tip-edit-official = Liên quan cán bộ
tip-edit-urgency = Mức gấp
tip-edit-evidence = Tệp gửi kèm
tip-edit-back = Hỏi lại, báo kết quả

## Tới ban điều phối
tip-news-head = Có tin báo mới
tip-news-help = Có người cần giúp (không phải tố giác)
tip-news = { $name } · { $kind } · { $commune } · { $urgency }{ $official ->
        [yes] {" "}· có liên quan cán bộ
       *[other] {""}
    }
tip-news-sealed = Nội dung được niêm phong; người giữ khóa đọc bằng lệnh tinbao tips read.
tip-more = Tin { $name } vừa được người gửi bổ sung.
tip-talk-over = Người gửi tin { $name } không muốn trao đổi nữa. Không thể hỏi thêm.

## Mã tin
receipt-head = Đã nhận. Cảm ơn bạn.
receipt-card = Mã tin của bạn:
    { $receipt }

    Hãy chép lại ở chỗ kín; ai có mã này sẽ đọc được trao đổi về tin. Mất mã thì không lấy lại được.
    Muốn biết tin tới đâu, trả lời hay bổ sung: gõ 16 số này vào đây{ $web ->
        [none] , từ máy nào cũng được.
       *[other] , hoặc vào trang { $web }, từ máy nào cũng được.
    }{ $back ->
        [here] {" "}Khi có tin nhắn, chúng tôi báo ngay tại đây.
       *[receipt] {""}
    }
button-copied = Tôi đã chép
button-copied-wipe = Tôi đã chép, xóa hội thoại
button-forget-here = Quên tôi: xóa hội thoại, thôi báo ở đây
button-wipe = Xóa hội thoại
tip-call-now = Cần có người đến ngay thì đừng chờ ở đây: hãy gọi { $hotlines }. Tin này có thể lâu mới có người mở.
receipt-covered = Mã tin đã được che.
receipt-copied = Tốt rồi. Bạn có thể đóng cuộc trò chuyện này.
receipt-how = Gõ 16 số của mã tin vào đây, có dấu cách hay không đều được.
receipt-length = Mã tin có { $wanted } chữ số; bạn gõ { $length }. Hãy xem lại rồi gõ lại.
receipt-opens-nothing = Mã này không mở được tin nào: có thể gõ nhầm, tin đã hết hạn lưu, hoặc cuộc trao đổi đã đóng. Hãy xem lại từng số.
receipt-finish-first = Bạn đang kể dở một tin. Hãy gửi hoặc hủy nó rồi gõ mã; điều đã kể vẫn còn.

## Trao đổi bằng mã
since-hours = { $hours ->
    [0] chưa tới một giờ
   *[other] { $hours } giờ
}
since-days = { $days } ngày
talk-head = Tin của bạn
tip-state-received = Chưa ai mở; tin đến cách đây { $since }.
tip-state-other-routes = Như vậy là lâu: nếu việc gấp, bạn gọi { $hotlines } hoặc tới công an xã, phường; không cần nói là đã gửi tin ở đây.
tip-state-taken = Đã có người nhận, cách đây { $since }.
tip-state-checking = Đang xác minh, bắt đầu cách đây { $since }.
tip-state-confirmed = Đã xong cách đây { $since }: đúng như bạn báo và đã được xử lý. Cảm ơn bạn.
tip-state-unfounded = Đã xong cách đây { $since }: đã kiểm tra, chưa thấy có việc này. Biết thêm gì, bạn cứ bổ sung.
tip-state-spam = Đã đóng cách đây { $since }: chưa thấy có việc gì để xử lý. Nếu chúng tôi hiểu sai, bạn cứ bổ sung.
tip-state-forwarded = Đã chuyển tới cơ quan có thẩm quyền, cách đây { $since }.
tip-state-no-way = Đã đóng cách đây { $since }: chưa đủ thông tin để kiểm tra. Biết thêm gì, bạn cứ bổ sung.
tip-state-duplicate = Đã đóng cách đây { $since }: việc này đã được xử lý cùng một tin khác.
talk-ours = Chúng tôi ({ $at }): «{ $text }»
talk-theirs = Bạn ({ $at }): «{ $text }»
talk-empty = Chưa có câu hỏi hay tin nhắn nào cho bạn.
talk-new = Có tin nhắn mới cho bạn.
talk-act = Bạn muốn làm gì?
talk-answer = Trả lời
talk-add = Bổ sung
talk-close-for-good = Không trao đổi nữa
talk-leave = Để lúc khác
talk-words = Bạn viết hoặc nói (gửi ghi âm) vào đây.
talk-words-skip = Chỉ gửi tệp
talk-no-words = (không có lời)
talk-files = Có ảnh, video hay ghi âm gửi kèm không? Nhiều nhất 10 tệp, mỗi tệp 20 MB.
talk-files-skip = Không có
talk-sure = Gửi phần này vào tin của bạn?
    { $words }
    Tệp gửi kèm: { $files ->
        [0] không có
       *[other] { $files }
    }
talk-nothing-added = Chưa có lời hay tệp nào để gửi. Bấm “Quay lại” để viết, hoặc “Hủy”.
talk-too-much = Tin này đã có quá nhiều phần bổ sung nên chưa nhận thêm được. Việc gấp, xin gọi { $hotlines }.
talk-added = Đã nhận phần bổ sung. Cảm ơn bạn. Mã tin vẫn dùng được.
talk-close = Đóng hẳn trao đổi: mã tin sẽ không mở được gì nữa, chúng tôi không hỏi được bạn nữa. Tin vẫn được xử lý. Bạn chắc chứ?
talk-close-yes = Đóng hẳn
talk-closed = Đã đóng hẳn. Mã tin không dùng được nữa. Cảm ơn bạn.
talk-left = Vâng, để lúc khác. Muốn mở lại, bạn gõ mã tin.
talk-gone = Tin này không còn trao đổi được nữa.

## Tệp
files-not-here = Câu này trả lời bằng chữ hoặc nút bấm; tệp bạn gửi không được giữ lại.
files-unasked = Tệp và vị trí chỉ nhận khi bạn đang gửi tin; cái vừa gửi không được giữ lại. Bấm “Gửi tin báo” để bắt đầu.
files-not-taken = Ở đây không nhận loại này. Hãy viết bằng chữ giúp nhé.
files-not-fetched = Không tải được tệp vừa gửi. Bạn gửi lại giúp nhé; nếu vẫn không được, hãy kể bằng chữ.
files-not-kept = Máy chủ chưa cất được tệp này. Bạn gửi lại sau ít phút, hoặc kể bằng chữ.
files-gone = Một tệp đã gửi không còn nữa vì để quá lâu. Hãy bấm “Quay lại” (hoặc “Sửa”) và gửi lại tệp đó; những điều khác vẫn còn.
files-old-page = Trang này mở đã lâu. Bạn tải lại trang rồi gửi lại tệp giúp nhé.

## Quên tôi
erased = Đã xóa { $gone } tin nhắn của cuộc trò chuyện này, ở cả hai phía.
erased-left = { $left } tin nhắn không xóa được (đã quá 48 giờ hoặc không còn).
erased-how-telegram = Telegram có thể còn giữ bản của họ. Còn thấy tin nhắn cũ: mở tên kênh này, chọn ⋮, “Xóa cuộc trò chuyện”, đánh dấu xóa cho cả hai phía.
erased-how-web = Lịch sử trình duyệt có thể còn ghi là đã mở trang này; hãy xóa lịch sử, hoặc lần sau mở bằng cửa sổ riêng tư hoặc Tor Browser.
erased-way-back = Đường liên lạc với bạn đã được xóa. Tin đã gửi, nếu có, vẫn được giữ để xử lý.
erased-by-yourself = Kênh này không cho chúng tôi xóa tin nhắn: bạn hãy tự xóa cuộc trò chuyện. Đường liên lạc với bạn đã được xóa. Tin đã gửi, nếu có, vẫn được giữ để xử lý.

## Cảnh báo cho người dân
warnings-off = Bạn có thể nhận cảnh báo của tỉnh về ma túy ngay tại đây (thủ đoạn mới, chất mới). Danh sách nhận cảnh báo nằm riêng, không ghép được với tin báo nào.
warnings-on = Bạn đang nhận cảnh báo của tỉnh tại đây.
warnings-start = Nhận cảnh báo
warnings-stop = Thôi nhận
warnings-started = Từ giờ bạn nhận cảnh báo của tỉnh tại đây. Thôi nhận lúc nào cũng được: /canhbao
warnings-stopped = Bạn không nhận cảnh báo nữa.
warnings-not-here = Trang này không nhớ bạn là ai nên không gửi cảnh báo tới bạn được. Cảnh báo có ở kênh nhắn tin của tỉnh.
warnings-head = Cảnh báo của tỉnh
