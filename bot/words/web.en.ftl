# The pages of the web channel.

web-name = Tin Báo
web-you = You
web-title = Drug crime tip line · { $province }
web-speaking-as = You write as { $name }
web-messages = Conversation
web-nothing = No messages yet.

web-danger = In danger right now?
web-call = Call 113
web-hotlines = The province's hotlines:
web-greeting = Hello. You can send a tip here without telling who you are.
web-hidden = We ask for no name and write down neither IP nor device. To stop guessing of receipts, a hash of the IP stays in memory about an hour.
web-seen = Your network provider, or who shares your device, may learn that you opened this page. Tor hides most.
web-cookie = Once started, the browser keeps a code (cookie), at times past closing. Quick exit does not clear its history. Shared device: use a private window.
web-start = Start
web-old-button = (an old button)

web-exit = Quick exit
web-exit-why = Leave at once for a news site
web-covered = This page is closed
web-uncover = Open the conversation again
web-reload = Reload
web-updated = at { $time }
web-other-language = Tiếng Việt
web-source = Source code (AGPL)
web-home = To the first page

web-write = Write a message…
web-send = Send message
web-sending = Sending…
web-reply = Reply
web-replying = Replying to:
web-no-reply = Cancel
web-unreachable = Not sent: the server can't be reached. What you wrote is still here; please try again.
web-lost = Connection lost, trying again…
web-erased = The conversation is erased. Waiting for the confirmation…
web-you-wrote = You wrote (copy it if you need it):

web-problem = Something went wrong on our side. Please try again in a few minutes.
web-problem-not-found = There is no such page.
web-problem-link = This link opens no room: it may have expired or be incomplete. Please ask a coordinator for a new one.
web-problem-method = This address can't be opened that way.
web-problem-foreign = The request did not come from this page and was not taken. Please open the page again and send it once more.
web-problem-type = The server takes only this page's own forms.
web-problem-form = This page is out of date or was changed. Please reload it and send again.
web-problem-ended = The earlier conversation has ended. Press Start for a new one.
web-problem-too-big = This is too large and was not sent. Please go back and split it into shorter messages.
web-problem-too-long = The message has { $length } characters; { $limit } is the most for one. Please split it; what you wrote is still below.
web-problem-empty = You have not written anything.
web-problem-slow = The connection was too slow and not everything arrived. Please send it again.
web-problem-not-sent = Not sent, because something went wrong on our side. What you wrote is still here; please send it again in a few minutes.

web-listen = Listen to this
web-choose-files = Add photos, video, sound, documents
web-choose-sound = Or answer with a recording
web-files-left = { $count ->
    [one] One more file, at most 20 MB.
   *[other] { $count } more files, at most 20 MB each.
}
web-files-at-once = At most 20 MB at once, too.
web-sound-limit = One recording, at most 20 MB.
web-files = { $count ->
    [one] 1 file
   *[other] { $count } files
}
web-seal-arrival = Sealed on arrival at the server.
web-seal-browser = Sealed right here in this browser.
web-seal-arriving = A photo that can't be cleaned in this browser is cleaned and sealed on arrival at the server.
web-seal-uncleaned = Only photos are cleaned here. One file is no photo: this file is not cleaned and may still tell device, place and time.
web-sealed = Sealed in your browser: { $what }
web-sort-words = your words
web-sort-photo = { $count ->
    [one] 1 photo
   *[other] { $count } photos
}
web-sort-video = { $count ->
    [one] 1 video
   *[other] { $count } videos
}
web-sort-sound = { $count ->
    [one] 1 recording
   *[other] { $count } recordings
}
web-sort-file = { $count ->
    [one] 1 file
   *[other] { $count } files
}
web-shown-here = Seen only on this page, while it is open:
web-cleaned = Photo, cleaned
web-uncleaned = This file was not cleaned
web-arrival = This photo is cleaned and sealed on arrival at the server
web-sealing = Sealing…
web-uploading = Sending…
web-problem-busy = The server is taking in many files just now. Please send this again in a minute.
web-problem-no-files = The open question takes no files, so nothing was sent.
web-problem-too-many-files = Too many files: this question takes { $files } more. Nothing was sent; please choose again.
web-problem-file-too-big = A file is larger than 20 MB and can't be sent. Please leave it out, or send a shorter or smaller one.
web-problem-files-too-big = A file over 20 MB, or over 20 MB at once, can't be sent. What you told us before is still here; please choose a smaller file or send one at a time.
web-problem-empty-file = The file you chose holds nothing (0 bytes) and was not sent. Please choose another.
web-problem-picture = A picture is too large (over 100 million pixels) and can't be sent. Please send a smaller one.
web-problem-no-more-files = This question takes no more files; the rest was not sent.
web-problem-words-too-long = A message may have 8,000 characters. Please split it; what you wrote is still here.
web-problem-old-seal = The question has changed since you opened this page, so nothing was sent. Please send it again; if that does not help, reload the page.

web-weekday-1 = Monday
web-weekday-2 = Tuesday
web-weekday-3 = Wednesday
web-weekday-4 = Thursday
web-weekday-5 = Friday
web-weekday-6 = Saturday
web-weekday-7 = Sunday

web-demo-title = Tin Báo · Demo · { $province }
web-demo-name = Tin Báo · Demo
web-demo-clock = The demo's clock
web-demo-hour = +1 hour
web-demo-day = +1 day
web-demo-monday = To Monday 09:00
web-demo-due = To the next deadline
web-demo-moving = Moving the clock…
web-demo-whom = Whom to show
web-demo-citizen-tab = Citizen
web-demo-unit-tab = Unit
web-demo-coordinators-tab = Coordinators
web-demo-citizen = A citizen
web-demo-citizen-try = Press Start, send a tip and get a receipt of 16 digits.
web-demo-unit = A unit's room
web-demo-unit-try = Move the clock to Monday; when a reminder comes, press a button or reply: "done 80%, stuck on funding".
web-demo-coordinators = The coordinators' room
web-demo-coordinators-try = Type /thongbao to send a notice; tips and the units' progress show up here.
web-demo-which-unit = Choose a unit
web-demo-show = Show
web-level-province = Province
web-level-commune = Communes
