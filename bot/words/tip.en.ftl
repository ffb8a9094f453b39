# Tips, receipts, and talking on with one.

## The greeting
citizen-greeting = Hello. This is the drug-prevention tip line of { $province } province.
    Is there danger right now? Call { $hotlines }.
citizen-tell = Send a tip
citizen-story = What you just wrote was not kept. Press “Send a tip” to tell it; you will first read what this channel can hide for you.
citizen-tell-again = Send another tip
citizen-receipt = I have a receipt
citizen-help = Help with addiction
citizen-warnings = Get warnings
citizen-listen = 🔊 { $name }
citizen-in-group = To send a tip discreetly, please write to me in private, not in the group: { $link }
sound-hmong = Listen in Hmong
sound-dao = Listen in Dao
sound-tay = Listen in Tày
sound-giay = Listen in Giáy
sound-vi = Hear the questions

## Before it is told
tip-ready-confidential = Before you begin, you should know:
    • We keep neither your name, your phone number nor your { $channel } account with the tip, unless you choose to be answered right here. What you write is sealed; only those who hold a private key can read it.
    • { $channel } does know that your account wrote to this line.{ $web ->
        [none] {""}
       *[other] {" "}The page { $web } needs no account; opening it with Tor is safest. There you begin anew: nothing from here is carried along.
    }
    • In danger now? Don't write, call { $hotlines }.
tip-ready-anonymous = Before you begin, you should know:
    • This page is anonymous: it neither asks for nor keeps a name, a phone number or an account. What you write is sealed; only those who hold a private key can read it.
    • Your network operator can still see that your device opened this page; opening it with Tor is safest.
    • In danger now? Don't write, call { $hotlines }.
tip-go = Go on here
tip-go-web = Use the web page
tip-elsewhere = Please open { $web } and tell it there. Nothing is kept here.
tip-no-readers = The tip line is not open yet: nobody holds a key to read tips. If it is urgent, please call { $hotlines }.

## Telling it
tip-kind = What is going on?
tip-kind-selling = Buying and selling
tip-kind-storing = Storing, moving
tip-kind-using = People gather to use
tip-kind-harbouring = Harbouring, lending a place
tip-kind-growing = Growing drug plants
tip-kind-precursors = Precursors, laughing gas
tip-kind-disguised = Cigarettes, food with drugs
tip-kind-online = Online
tip-kind-person = Somebody needs help
tip-kind-other = Something else
tip-help = You need not carry this alone, and asking for help accuses nobody.
    • Life in danger, fainting, overdose: call 115.
    • Threats, violence: call 113. Children: call 111 (free, day and night).
    • Questions about treatment: the health station or police of your commune, or { $hotlines }.
tip-help-call = I only need the numbers
tip-help-tell = Tell it and get help
tip-only-help = The numbers: 115 when life is in danger; 113 for threats; 111 for children; { $hotlines } or the commune's health station or police for treatment. We wish you and yours well. Write here again whenever you need to; nothing was kept.
tip-place = In which commune or ward? Type part of its name, diacritics are not needed; or share a position, which is turned into the commune's name and dropped at once.
tip-place-typed = In which commune or ward? Type part of its name; diacritics are not needed.
tip-place-typed-skip = I don't remember
tip-place-skip = I don't remember
tip-place-unknown = commune not known
tip-what = Tell us what you saw: who, where, when. Write or speak (send a recording), as you like.
tip-what-person = Tell us about the person who needs help: what is happening, where, what is needed most. Write or speak (send a recording), as you like. No names are needed.
tip-what-said = «{ $what }»
tip-what-sealed = (what you told has been sealed)
tip-happened = When did it happen?
tip-happened-skip = I don't know
tip-happened-now = It is happening now
tip-happened-recent = In the last few days
tip-happened-often = Again and again
tip-happened-past = Long ago
tip-happened-unsaid = time not known
tip-known = How do you know?
tip-known-skip = I'd rather not say
tip-known-seen = I saw it myself
tip-known-heard = I was told
tip-known-myself = It happened to me
tip-known-guessed = I suspect it
tip-known-unsaid = not said
tip-official = Is an official involved? (If so, the tip is not passed on to the commune where it happened.)
tip-official-skip = I don't know
tip-official-no = No
tip-official-yes = Yes
tip-official-unsaid = not known
tip-urgency = How urgent is it?
tip-urgency-skip = I don't know
tip-urgency-now = Somebody must come now
tip-urgency-days = Within a few days
tip-urgency-calm = Not urgent
tip-urgency-unsaid = urgency not known
tip-evidence = Do you have photos, a video or a recording? Send them here, at most 10 files of 20 MB each; the position and device data hidden in photos are removed.
tip-evidence-skip = I have none
tip-back = May we ask you more, or tell you the result?
tip-back-skip = No
tip-back-here = Yes, right here
tip-back-receipt = Only when I come back with my receipt
tip-back-none = No
tip-sure = Please check:
    { $kind } · { $place } · { $happened }
    { $what }
    How you know: { $known }
    An official involved: { $official }
    Urgency: { $urgency }
    Files: { $files ->
        [0] none
       *[other] { $files }
    }
    Questions and results: { $back }
tip-sure-person = Please check:
    { $kind } · { $place }
    { $what }
    Urgency: { $urgency }
    Files: { $files ->
        [0] none
       *[other] { $files }
    }
    Questions and results: { $back }
tip-send = Send
tip-edit-kind = What it is
tip-edit-place = The commune
tip-edit-what = What you told
tip-edit-happened = When
tip-edit-known = How you know
tip-edit-official = An official involved
tip-edit-urgency = Urgency
tip-edit-evidence = The files
tip-edit-back = Questions and results

## To the desk
tip-news-head = A new tip
tip-news-help = Somebody needs help (no accusation)
tip-news = { $name } · { $kind } · { $commune } · { $urgency }{ $official ->
        [yes] {" "}· an official is involved
       *[other] {""}
    }
tip-news-sealed = The content is sealed; those who hold a key read it with tinbao tips read.
tip-more = Something was added to the tip { $name } by its sender.
tip-talk-over = The sender of the tip { $name } does not want to talk any more. Nothing more can be asked.

## The receipt
receipt-head = Received. Thank you.
receipt-card = Your receipt:
    { $receipt }

    Copy it to a safe place; whoever has it can read what we write about the tip. A lost receipt can't be restored.
    To see where your tip stands, to answer or to add something: type these 16 digits here{ $web ->
        [none] , from any phone.
       *[other] , or at { $web }, from any phone.
    }{ $back ->
        [here] {" "}When there is a message, we tell you right here.
       *[receipt] {""}
    }
button-copied = I have copied it
button-copied-wipe = I have copied it, erase this chat
button-forget-here = Forget me: erase this chat, don't write here
button-wipe = Erase this chat
tip-call-now = If somebody must come now, don't wait here: call { $hotlines }. It may take long until this tip is opened.
receipt-covered = The receipt has been covered.
receipt-copied = Good. You can close this conversation.
receipt-how = Type the 16 digits of your receipt here, with or without spaces.
receipt-length = A receipt has { $wanted } digits; you typed { $length }. Please check and type it again.
receipt-opens-nothing = This receipt opens no tip: it may be mistyped, the tip may have expired, or its talk was closed. Please check each digit.
receipt-finish-first = You are in the middle of telling a tip. Send or cancel it, then type the receipt; what you told is still here.

## Talking on with a receipt
since-hours = { $hours ->
    [0] less than an hour
    [1] one hour
   *[other] { $hours } hours
}
since-days = { $days } days
talk-head = Your tip
tip-state-received = Nobody has opened it yet; it came { $since } ago.
tip-state-other-routes = That is long: if it is urgent, call { $hotlines } or go to the commune's police; you need not say that you sent a tip here.
tip-state-taken = Somebody has taken it on, { $since } ago.
tip-state-checking = It is being checked; that began { $since } ago.
tip-state-confirmed = Done { $since } ago: it was as you said, and has been dealt with. Thank you.
tip-state-unfounded = Done { $since } ago: it was checked and not found. If you know more, please add it.
tip-state-spam = Closed { $since } ago: there seemed to be nothing to deal with. If we misunderstood, please add to it.
tip-state-forwarded = Passed on to the agency in charge, { $since } ago.
tip-state-no-way = Closed { $since } ago: there was not enough to check it. If you know more, please add it.
tip-state-duplicate = Closed { $since } ago: this is being dealt with together with another tip.
talk-ours = We ({ $at }): «{ $text }»
talk-theirs = You ({ $at }): «{ $text }»
talk-empty = There is no question or message for you yet.
talk-new = There is a new message for you.
talk-act = What would you like to do?
talk-answer = Answer
talk-add = Add something
talk-close-for-good = Nothing more, for good
talk-leave = Another time
talk-words = Write or speak (send a recording) here.
talk-words-skip = Only send files
talk-no-words = (no words)
talk-files = Are there photos, a video or a recording to go with it? At most 10 files of 20 MB each.
talk-files-skip = I have none
talk-sure = Send this with your tip?
    { $words }
    Files: { $files ->
        [0] none
       *[other] { $files }
    }
talk-nothing-added = There are neither words nor files to send yet. Press “Back” to write, or “Cancel”.
talk-too-much = This tip has too many additions already, so no more can be taken. If it is urgent, please call { $hotlines }.
talk-added = What you added is taken. Thank you. The receipt can still be used.
talk-close = Close the talk for good: the receipt will open nothing any more, and we can't ask you again. The tip is still dealt with. Are you sure?
talk-close-yes = Close it for good
talk-closed = Closed for good. The receipt can't be used any more. Thank you.
talk-left = All right, another time. To open it again, type the receipt.
talk-gone = This tip can't be talked about any more.

## Files
files-not-here = This question is answered with words or buttons; the file you sent was not kept.
files-unasked = Files and positions are taken only while you send a tip; what you just sent was not kept. Press “Send a tip” to begin.
files-not-taken = That can't be taken here. Please tell it in words.
files-not-fetched = The file could not be fetched. Please send it again; if that fails, tell it in words.
files-not-kept = The server could not keep the file. Please send it again in a few minutes, or tell it in words.
files-gone = A file you sent is gone because too much time has passed. Press “Back” (or “Change”) and send it again; everything else is still here.
files-old-page = This page has been open for long. Please reload it and send the file again.

## Forget me
erased = { $gone ->
    [1] One message of this conversation was erased, on both sides.
   *[other] { $gone } messages of this conversation were erased, on both sides.
}
erased-left = { $left ->
    [1] One message could not be erased (older than 48 hours, or gone already).
   *[other] { $left } messages could not be erased (older than 48 hours, or gone already).
}
erased-how-telegram = Telegram may keep its own copy. If you still see old messages: open this chat's name, choose ⋮, “Delete chat”, and tick to delete it for both sides.
erased-how-web = The browser's history may still say that this page was opened; clear it, or use a private window next time.
erased-way-back = The way back to you was destroyed. A tip that you sent is kept, so that it can be dealt with.
erased-by-yourself = This channel does not let us erase messages: please delete the conversation yourself. The way back to you was destroyed. A tip that you sent is kept, so that it can be dealt with.

## Public warnings
warnings-off = You can get the province's warnings about drugs right here (new tricks, new substances). The list for warnings is kept apart and can't be joined with any tip.
warnings-on = You get the province's warnings here.
warnings-start = Get warnings
warnings-stop = Stop
warnings-started = From now on you get the province's warnings here. Stop whenever you like: /warnings
warnings-stopped = You get no warnings any more.
warnings-not-here = This page does not remember who you are, so it can't send you warnings. The province's chat channel can.
warnings-head = A warning of the province
