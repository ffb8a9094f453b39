# English.

## Every question
ask-back = Back
ask-skip = Skip
ask-cancel = Cancel
ask-done = Done
ask-by-reply = (Reply to this message.)
ask-picked = Picked: { $list }
ask-found = Choose one below, or type again.
ask-empty = You have not written anything yet.
ask-too-short = That is too short to understand. Please write at least { $least } characters.
ask-too-long = Too long: { $length } characters, at most { $most }. Please shorten it, or send it in two parts.
ask-no-number = Please type a number from { $low } to { $high }.
ask-out-of-range = { $number } is not between { $low } and { $high }. Please type it again.
ask-not-offered = This question has no such answer. Press a button, or type the number or the name of a choice.
ask-nothing-found = Nothing found for “{ $typed }”. Type part of the name; diacritics are not needed.
ask-answered = That answer is already taken; no need to press again.
ask-old-button = That button belongs to an earlier question. This one is waiting; to change the earlier answer, press “Back”.
ask-edit = Change
ask-edit-which = Which answer do you want to change?
ask-files-wanted = This question waits for a photo, video, recording or file. If you have none, press “I have none”; if that was all, press “Done”.
ask-files-so-far = { $count ->
        [one] One file
       *[other] { $count } files
    } so far (at most { $most }). Send more, or press “Done”.
ask-files-full = { $most } files, that is all that can be taken. Press “Done” to go on.
ask-files-too-many = Only { $most } files can be taken; those sent after them were not kept. Press “Done” to go on.
ask-clear-files = Remove all files
ask-files-cleared = All files you sent here were removed; they do not go with the tip.
ask-files-held = The file is taken and will go with your tip. This question still needs an answer.
ask-place-not-here = This question needs no position; the one you sent was not kept.
ask-place-far = This position is near no commune; it was not kept. Please type the commune's name.
confirm-yes = Yes

## The house
house-sorry = Sorry, something broke and nothing was saved. Please try again in a few minutes; what you answered before is still here.
house-cancelled = Cancelled. Nothing was sent.
house-set-aside = (What you had begun before was dropped; nothing of it was sent.)
house-old-button = That button can't be used any more: its conversation is over, or is somebody else's. For anything else, type /help.
house-nothing-open = There is nothing you have begun.
house-too-long = The message has { $length } characters, at most { $most }. Please split it into shorter ones.
house-not-yours = You may not do that here.
house-not-understood = I did not understand. Type /work for your unit's work, /help for the commands.
house-unknown-command = There is no command { $command }. Type /help for the commands.
house-other-language = Tiếng Việt
house-language-changed = From now on I speak English.
house-again = (sent again)
house-chat-lost = “{ $chat }” ({ $channel }) can't be reached any more: the bot was blocked or removed, or the group is gone. Bind it again with a new code: /invite
channel-web = The web page
channel-telegram = Telegram
channel-script = This channel

## Times
when-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
when-day = by the end of { when-weekday } { $day }
when-time = before { $time } on { when-weekday } { $day }
when-moment = { $time } on { $day }
left-days = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
left-today = today is the last day
left-just-over = now due
left-over = { $days ->
    [one] 1 day overdue
   *[other] { $days } days overdue
}
period = { $kind ->
    [week] week { $number }/{ $year }
    [month] month { $number }/{ $year }
    [quarter] quarter { $number }/{ $year }
    [half] { $number ->
        [1] first half of
       *[other] second half of
    } { $year }
   *[year] { $year }
}
period-day = due { $day }

## A unit's work
selector-all = all units
selector-commune = the People's Committees of communes and wards
selector-province = the province's offices
selector-steering = the members of the steering committee
selector-department = the departments
selector-mass = the mass organisations
card-gone = The plan does not ask for this any more.
card-title = { $title } ({ $period })
card-who = 1. Who: { $what }
card-what = 2. What: { $what }
card-when = 3. When: { $what }
card-responsibility = 4. Responsibility: { $what }
card-result = 5. Result: { $what }
card-authority = 6. Authority: { $what }
card-alone = on its own
card-partners = leads; together with: { $list }
card-unsaid = the plan does not say
card-reported-to = reports to { $whom }
card-nothing-yet = No report yet.
card-progress = Latest ({ $at }): { $percent }%. Result: { $result }. Difficulties: { $difficulties }.
card-done = Done ({ $at }): { $percent }%. Result: { $result }. Difficulties: { $difficulties }.
button-report = Report
button-why = Why this deadline?
button-card = See the card
work-head = Work of { $units }: { $count }
work-none = { $units } owes nothing in the next 45 days. Thank you.
work-how = Press a number to see the card and report, or reply to this message with a sentence.
work-more = … and { $count } more: type /work { $page }
work-not-yours = That is not the work of a unit here, or it is gone.
work-not-here = No unit's work is kept here. Type /work in your unit's group, or in private if you belong to a unit.
work-not-understood = I did not understand. To report, write for example “done 80%, stuck on funding”, or type /work to choose.
why = { $text }
why-source = Source: { $section } of the plan.
reminder-head = Reminder · { $units }
reminder-head-late = Reminder (late) · { $units }
reminder-line = { $title }
    Due { $when }, { $left }.
reminder-line-to = { $title } – to { $whom }
    Due { $when }, { $left }.
reminder-how = Press “Report”, or reply to this message with a sentence, for example “done 80%, stuck on funding”.

## Progress
progress-which = Which one do you report on?
progress-percent = How much is done, in per cent? (0 to 100)
progress-result = What is the main result? Short, with numbers where you can.
progress-result-skip = None yet
progress-stuck = Any difficulties?
progress-stuck-skip = None
progress-none = none
progress-sure = Report of { $unit }:
    { $title }
    Done: { $percent }%
    Result: { $result }
    Difficulties: { $difficulties }
progress-send = Send
progress-thanks = Sent at { $at }, in time.
progress-thanks-late = Sent at { $at }, after the deadline.
progress-stays-open = It is not at 100% yet, so you will be reminded again.
progress-rest = { $count ->
    [0] Nothing else is waiting.
   *[other] { $count } more waiting (/work).
}
progress-already = This has been reported on and waits no more. Type /work to see what is left.
progress-other-unit = This belongs to { $unit }. You can report for your own unit only.
progress-news = { $unit } has reported
progress-news-late = { $unit } has reported (after the deadline)
progress-news-text = { $what }
    Done: { $percent }% · Result: { $result } · Difficulties: { $difficulties }

## Notices
notice-body = Write a notice: send its text.
notice-audience = To whom?
notice-to-all = Everybody
notice-to-commune = Communes
notice-to-province = Province's offices
notice-to-picked = Pick units
notice-to-warned = Citizens who want warnings
notice-sure-warned = A warning to { $count } citizens who asked for them; they will see:
    «{ $body }»
notice-warned = Queued for { $count } citizens. Who got it is not kept.
notice-units = Type part of a unit's name; diacritics are not needed. Choose one by one, then press “Done”.
notice-sure = Preview:
    ────────
    Notice
    { $body }
    ────────
    { $chats ->
        [0] No chat would get it.
        [one] Goes to 1 chat.
       *[other] Goes to { $chats } chats.
    }{ $without ->
        [0] {""}
        [one] {" "}1 unit has none: { $names }
       *[other] {" "}{ $without } units have none: { $names }
    }
notice-send = Send now
notice-nobody = There is no chat to send to, so nothing was sent. Bind the units' groups first: /invite
notice-head = Notice
button-received = Received
notice-received = Noted at { $at }. Thank you.
notice-received-before = It was noted before. Thank you.
notice-board = Sending { $bar } { $delivered }/{ $chats } · confirmed { $acknowledged }{ $lost ->
        [0] {""}
       *[other] {" "}· not sent { $lost }
    }
notice-board-done = Sent { $bar } { $delivered }/{ $chats } · confirmed { $acknowledged } · not confirmed { $open }{ $lost ->
        [0] {""}
       *[other] {" "}· not sent { $lost }
    }
button-missing = Who has not confirmed?
notice-missing = Not yet confirmed ({ $count }): { $names }
notice-all-received = Everybody has confirmed.
desk-not-understood = I did not understand. The commands here: /inbox shows the open tips, /notice writes a notice, /invite lets people and groups in, /help.
desk-notice = Write a notice

## Coming in
invite-kind = Whom do you invite?
invite-kind-member = A person (officer, coordinator)
invite-kind-chat = A group
invite-kind-room = A room on the web (personal link)
invite-unit = Of which unit? Type part of its name; diacritics are not needed. Type “coordinators” for the coordinators' desk.
invite-desk = Coordinators
invite-made-member = Invitation for { $unit }: { $code }
    The person writes to the bot in private: /code { $code }
    It works once, within { $days } days.
invite-made-link = Invitation link for { $unit }: { $link }
    It works once, within { $days } days. Give it to that person only.
invite-made-chat = Group code for { $unit }: { $code }
    Add the bot to the group and type there: /bind { $code }
    It works once, within { $days } days.
invite-name = What is the name of the person who gets the link?
invite-made-room = Personal link of { $name } to the room of { $unit }: { $link }
    Whoever has this link writes as { $name }; give it to that person only.
invite-in-private = Codes are shown only out of others' sight: type /invite at the coordinators' desk, or to the bot in private.
join-not-here = Codes do not work on this page. On the web you need a personal link, opened by a coordinator.
join-already = { $name } is in already, so this code was not used up. To change unit or role, please tell a coordinator.
bind-other-kind = This group is already bound as another kind (the desk, or a unit's), so this code can't bind it. The code was not used up.
join-unknown = There is no such code. Check each character, or ask for a new one.
join-used = This code has been used. Ask a coordinator for a new one.
join-expired = This code has expired. Ask a coordinator for a new one.
join-for-chat = This code is for a group: type it in your unit's group, not here.
join-for-member = This code is for a person: write it to the bot in private, not in a group.
join-first = You have not been invited yet. Ask a coordinator for an invitation link, open it, and come back.
join-nameless = Officer
join-welcome = Hello { $name }. You report for { $unit }. Type /work for its work, /help when you need it.
join-welcome-coordinator = Hello { $name }. You are a coordinator. /inbox shows the open tips, /notice writes a notice, /invite lets people and groups in, /help when you need it.
bind-how = Type /bind and the group's code, for example: /bind ABCDE23456
bind-done = This group gets the reminders and notices of { $unit }. Type /work for its work. Officers need an invitation of their own to report.
bind-done-desk = This group is the coordinators' desk: new tips, progress and trouble come here.

## Help
help-citizen = This is the drug-prevention tip line. Press “Send a tip”, or type /tip.
    While answering: /back, /skip, /cancel. /language: Tiếng Việt.
help-officer = /work: your unit's work, the soonest due first.
    Reply to a reminder with a sentence (“done 80%, stuck on funding”) to report at once.
    /back, /skip, /cancel. /language: Tiếng Việt.
help-coordinator = /inbox: the open tips, urgent ones first.
    /notice: write and send a notice.
    /invite: let in officers, coordinators or a group.
    /back, /skip, /cancel. /language: Tiếng Việt.
help-group = I remind this unit of its work and take its answers here. /work: the unit's work. A new group: /bind and its code.
help-source = Free software Tin Báo (AGPL-3.0). Source of the running version: { $source }

## The demo
demo-desk = Coordinators
demo-coordinator = Coordinator
demo-officer = Officer

## The command line
cli-demo-open = Open { $address } in a browser: a citizen, a unit and the coordinators side by side.
    To read sealed tips: tinbao tips read --key { $key } --data { $data }
cli-port-taken = Port { $port } is taken by another program; using { $other }.
cli-running = Tin Báo runs: { $channels }. Stop it with Ctrl+C.
cli-no-plan = There is no plan in the database; run "tinbao init" or "tinbao plan load FILE.toml".
cli-no-channel = config.toml enables no channel; set enabled = true in [web] or [telegram].
cli-token-missing = { $path }, which should hold the Telegram bot's token, can't be read; see token_file in [telegram].
cli-token-bad = { $path } holds no Telegram bot's token (it looks like 123456:ABC…); put in what @BotFather gave you.
cli-bad-value = “{ $value }” has characters that can't be printed; type it again.
cli-config-kept = { $path } is there already and stays as it is.
cli-config-written = Wrote { $path }.
cli-ask-province = Which province
cli-ask-plan = The plan's file (.toml)
cli-ask-address = The web page's address as people will open it, such as https://tinbao.example (empty: this machine only)
cli-ask-token = The file that holds the Telegram bot's token (empty: no Telegram)
cli-ask-load = Load the plan “{ $title }”?
cli-ask-reader = The reader's name
cli-ask-passphrase = The key's passphrase
cli-founded = Data and keys are in { $data }. Back up installation.key somewhere else: without it every receipt is lost.
    Next: each reader runs "tinbao keys new -o FILE" on their own machine, then "tinbao keys add FILE.pub" here; then "tinbao run".
cli-first-admin = The first admin's code (works once, within 7 days): { $code }
    Write to the bot in private: /code { $code }
cli-admin-name = Admin
cli-first-admin-link = The admin's personal link to the coordinators' room (keep it secret; if it is lost, run this again with --admin):
    { $link }
cli-plan-checked = The plan can be read: { $title } – { $obligations } tasks and reports, { $units } units.
cli-plan-loaded = Loaded: { $title } – { $obligations } tasks and reports. Start "tinbao run" again to use it.
cli-one-format = Choose one of --csv, --ics, --json.
cli-days-reversed = --to { $end } is before --from { $start }; swap them.
cli-file-exists = { $path } is there already and is not overwritten. Choose another name.
cli-file-not-written = { $path } can't be written: { $why }.
cli-file-unreadable = The file { $path } can't be read.
cli-key-made = Made the key { $path } (keep it secret, on this machine) and { $public } (give it to the admin).
    Fingerprint, to compare over the telephone: { $fingerprint }
cli-reader-added = { $name } ({ $id }) can read tips from now on. Fingerprint: { $fingerprint }
cli-reader-known = { $name }'s key is there already.
cli-reader-unknown = { $name }'s key has not been added here, or was retired: run "tinbao keys add".
cli-reader-no-such = There is no reader { $id }; see "tinbao keys list".
cli-reader-retired = { $id } can read no tips any more.
cli-no-readers = There is no reader yet, so no tip can be taken. Run "tinbao keys new", then "tinbao keys add".
cli-no-tips = No tip has been sealed to this key yet.
cli-tip = ── { $id } · { $hour } · { $kind } · { $commune } · { $urgency }
    { $what }
cli-tip-circumstances = {"    "}When: { $happened } · How they know: { $known } · Official involved: { $official } · Wants an answer: { $back }
cli-tip-in-parts = (told in the parts below)
cli-tip-parts-closed = {"    "}({ $count } parts can't be opened with this key.)
cli-part-citizen = [{ $hour }] The sender:
cli-part-desk = [{ $hour }] The desk:
cli-part-photo = photo ({ $size } KB)
cli-part-video = video ({ $size } KB)
cli-part-sound = recording ({ $size } KB)
cli-part-file = file ({ $size } KB)
cli-part-dangerous = This may be a program or a harmful file; it was saved as .bin. Please do not open it on a working machine.
cli-part-unsaved = not saved; add --files FOLDER to write it to a file
cli-tip-closed = (It can't be opened with this key.)
cli-reader-last = { $id } was not retired: { $tips } tips that nobody else can open would be lost, and without any reader no new tip is taken. If you mean it: --yes
cli-other-version = The database belongs to another version of tinbao and was left as it is; back it up and start this version's "tinbao run", or use that version.
cli-token-unknown = Telegram does not know this token; see token_file in [telegram].
cli-audit-whole = The audit log is whole.
cli-audit-broken = The audit log was changed, or rows were taken out, from row { $row } on.
doctor-plans = Plans loaded: { $count }. If none: tinbao plan load FILE.toml
doctor-readers = Readers of tips: { $count }. If none, no tip can be taken: tinbao keys new, tinbao keys add
doctor-desk = Coordinators' chats: { $count }. If none: /invite, then /bind in the group
doctor-bound = Units with a chat: { $bound }/{ $units }. A unit without one gets no reminders: /invite
doctor-audit = The audit log { $row ->
        [0] is whole.
       *[other] was changed from row { $row } on.
    }
doctor-telegram = Telegram answers: @{ $name }
doctor-telegram-bad = Telegram refuses (status { $status }; 401: the token is wrong, 0: no connection).

## config.toml and the database
config-missing = { $path }: there is no such file; "tinbao init" makes one.
config-no-toml = { $path }: can't be read as TOML: { $why }
config-unknown-key = { $path }: unknown key "{ $key }"{ $section ->
        [none] {""}
       *[other] {" "}in [{ $section }]
    }; remove it, or see docs/operations.md
config-wrong-value = { $path }: { $key }: not a value it can have ({ $why }); see docs/operations.md
config-no-zone = { $path }: province.zone: there is no time zone "{ $zone }"; Viet Nam's is Asia/Ho_Chi_Minh
config-no-token-file = { $path }: telegram.token_file: name the file that holds the bot's token, or set enabled = false
config-no-source = { $path }: source: the web channel is off, so name the address where people get the source of the running version (AGPL)
config-exit = { $path }: web.exit_to: an address that begins with https:// or http:// is needed
config-no-recordings = { $path }: tips.recordings: there is no folder "{ $folder }"; make it, or leave the key empty
config-notice-delay = { $path }: tips.notice_delay: two numbers of minutes, the first not above the second
storage-unknown-url = database.url: "{ $driver }" is not known; use sqlite+aiosqlite:///… or postgresql+asyncpg://…
storage-no-secure-delete = This SQLite can't overwrite what is deleted (secure_delete); install one that can.
storage-in-use = { $folder }: another tinbao is running on this data folder; stop it first, or use another folder.
storage-newer = This database was made by a newer tinbao; run that version, or a newer one.
