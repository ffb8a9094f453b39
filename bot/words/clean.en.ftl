# The files you send: why one is not taken, and what a reader needs to know about one.

clean-empty = This file is empty. Please look at it and send it again.
clean-too-big = This file is larger than 20 MB and can't be sent. Please send a smaller picture, or cut a film into short pieces.
clean-broken = This file can't be read: it is damaged, or was not uploaded to its end. Please send it again, or send a screenshot of it.
clean-bomb = This file would become far too large when opened, so it is not taken. Please send a smaller picture, or send it in parts.
clean-program = This file is a program, or has one in it, so it is not taken. Please send a screenshot instead.

clean-left-encrypted = The file has a password, so what it tells of its sender (name, time, place) could not be removed. Please open it with care and don't pass it on as it is.
clean-left-unknown = This kind of file can't be cleaned; it may still tell its sender's name, time or place. Please open it with care and don't pass it on as it is.
clean-left-part = The file was cleaned, but for a part embedded in it, which may still tell a name, time or place. Please don't pass it on as it is.
clean-left-no-media = This server lacks what cleans film and sound; the file may still tell its sender's name, time or place. Please don't pass it on as it is.
