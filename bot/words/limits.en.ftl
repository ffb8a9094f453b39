# Limits against flooding and against guessing receipts (bot/domain/limits.py, bot/domain/refusal.py).

limits-conversation = You have tried a receipt { $most ->
    [1] once
   *[other] { $most } times
} in { $per }. { $wait }
limits-network = Many receipts were just opened from the network you are using, so for now only { $most } { $most ->
    [1] try
   *[other] tries
} in { $per } can be made from all of it. { $wait } You can also open your receipt from another network.
limits-pace = You are writing too fast: at most { $most } { $most ->
    [1] message
   *[other] messages
} in { $per }. { $wait } What is sent meanwhile is not received.
limits-tips = You have sent { $most } { $most ->
    [1] tip
   *[other] tips
} in { $per }, which is the most. { $wait } If somebody is in danger, call 113 now.
limits-files = At most { $most } { $most ->
    [1] file
   *[other] files
} in { $per }; this one was not received. { $wait } You can still tell it in words.
limits-bytes = At most { $most } MB of files in { $per }; this one was not received. { $wait } You can still tell it in words.

limits-delay = Opening the receipt. The answer comes in { $number } { $number ->
    [1] second
   *[other] seconds
}.

limits-wait-seconds = Wait { $number } { $number ->
    [1] second
   *[other] seconds
}, then try again.
limits-wait-time = Wait until { $time }, then try again.
limits-wait-day = Wait until { $time } on { $day }, then try again.
limits-hours = { $number ->
    [1] an hour
   *[other] { $number } hours
}
limits-minutes = { $number ->
    [1] a minute
   *[other] { $number } minutes
}
limits-seconds = { $number ->
    [1] a second
   *[other] { $number } seconds
}
