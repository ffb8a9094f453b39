# The desk handles tips: a tip's card, its buttons, the list of open tips.

## A tip's card
triage-head = A tip
triage-take = Take it
triage-check = Checking
triage-close = Done…
triage-forward = Forward
triage-same = Duplicate
triage-spam = Spam
triage-return = Give back
triage-reopen = Open again
triage-is-received = Nobody has it
triage-is-taken = Taken: { $who }, since { $when }
triage-is-checking = Being checked: { $who }, since { $when }
triage-is-closed = Closed ({ $outcome }): { $who }, { $when }
triage-is-forwarded = Forwarded to { $unit }: { $who }, { $when }
triage-as-confirmed = As the tip said
triage-as-unfounded = Checked, not found
triage-as-spam = Spam
triage-as-forwarded = Passed on
triage-as-no-way = Not enough to check
triage-as-duplicate = Same as another tip
triage-hour = { $hour }:00 on { $day }
triage-nobody = nobody knows who
triage-like = About the same: { $names }
triage-blocked = From a sender who is shut out today.

## Pressed
triage-no-such = There is no such tip.
triage-not-now = Not now: tip { $name } has changed. { $stands }.
triage-close-how = How does tip { $name } end?
triage-answered = Tip { $name }. { $stands }.
triage-same-none = Within 14 days there is no other tip of that commune and kind beside { $name }.
triage-same-which = Which tip is { $name } the same as? The later one is closed; the two are linked.
triage-same-line = { $name } · { $when } · { $stands }

## Forwarding
triage-unit = Forward it to which unit? Type a few letters of its name.
triage-sure = Forward tip { $name } to { $unit }? { $count ->
        [0] It has no chat here: you must tell them yourself.
        [one] One chat will be told, without what it says.
       *[other] { $count } chats will be told, without what it says.
    }
triage-send = Forward
triage-forwarded = Tip { $name } is forwarded to { $unit }. { $count ->
        [0] It has no chat here: please tell them yourself.
        [one] One chat was told.
       *[other] { $count } chats were told.
    }
triage-to-unit-head = The coordinators forward a tip to you
triage-to-unit = What it says is sealed; ask the coordinators for it.

## The inbox
triage-inbox-head = Open tips
triage-inbox-head-blocked = Tips of senders who are shut out
triage-inbox = Not taken { $received } · taken { $taken } · being checked { $checking }
triage-inbox-line = { $tip }
    Came { $since } ago · { $stands }
triage-inbox-empty = There are none.
triage-inbox-more = More
triage-inbox-blocked = Of senders who are shut out ({ $count })

## The command line
triage-cli-ask-answer = To whoever sent the tip
triage-cli-answered = Sent to the receipt of { $name }. Its sender reads it with the receipt; who wanted to be told in their chat is told within half a minute while "tinbao run" runs.
triage-cli-answer-empty = There is nothing to send; type it, or give it on standard input.
triage-cli-answer-long = The message has { $length } characters, { $most } at most; write less, or send it in two.
triage-cli-answer-no-text = Standard input is no UTF-8 text; send words.
triage-cli-tip-unknown = There is no tip “{ $name }”; its short name stands in the triage chat and in "tinbao tips read".
triage-cli-tip-many = More than one tip begins with “{ $name }”; type more of it.
triage-cli-talk-over = Whoever sent { $name } wants no more messages; nothing was sent.
