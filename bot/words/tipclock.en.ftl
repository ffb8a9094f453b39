# A tip's clocks at the desk (bot/domain/clock_why.py), and the file of their rows (documents/tip_clocks.py).

## Why this due time?
tipclock-lines =
    { $above }
    { $below }
tipclock-asked = To be done: { $what } (clock row "{ $row }").
tipclock-due = Due: { $due }.
tipclock-at-day = by the end of { $day }
tipclock-at-time = { $time } on { $day }

tipclock-hours = { $number ->
    [1] 1 hour
   *[other] { $number } hours
}
tipclock-working-days = { $number ->
    [1] 1 working day
   *[other] { $number } working days
}
tipclock-days = { $number ->
    [1] 1 day
   *[other] { $number } days
}
tipclock-months = { $number ->
    [1] 1 month
   *[other] { $number } months
}

tipclock-from-hours = Counted: { $length }, day and night, from { $time } on { $day }, the start of the hour in which this happened: { $event }.
tipclock-from-months = Counted: { $length } from { $day }, the day on which this happened: { $event }; to the same day of the month, or the last of a month that does not have it.
tipclock-from-next-day = Counted: { $length }, of which the first is { $next }, the day after this happened ({ $day }): { $event }.
tipclock-from-that-day = Counted: { $length }, of which the first is the day on which this happened ({ $day }): { $event }.
tipclock-skipped = { $number ->
    [1] 1 day off is not counted
   *[other] { $number } days off are not counted
}: { $list }.
tipclock-moved = The last day is a day off ({ $list }), so the next working day is the last.
tipclock-remote = The tip is from a remote commune or an island, so this term applies.
tipclock-extended-start = Extended on { $day } by { $by }: { $length } counted from { $from }, so due { $due } (clock row "{ $row }").
tipclock-extended-due = Extended on { $day } by { $by }: another { $length } after it was due before ({ $from }), so due { $due } (clock row "{ $row }").

tipclock-ground-law = Legal source: { $source } (applied from { $from }).
tipclock-ground-law-unread = Legal source: { $source } (applied from { $from }; not yet checked against the text, a legal officer must confirm it).
tipclock-ground-own = This is a rule of those who run this desk, and no law (source: { $source }; applied from { $from }).
tipclock-stopped = The clock stopped at { $when }: { $event }.
tipclock-late = The clock stopped at { $when }, after it was due: { $event }.

## What stops the clock
tipclock-until-received = take the tip in
tipclock-until-opened = open the tip
tipclock-until-taken = take the tip on
tipclock-until-forwarded = forward the tip with its papers to the competent authority
tipclock-until-arrival-told = give notice that the tip has come in
tipclock-until-decided = check the tip and decide on it
tipclock-until-result-told = give notice of the result
tipclock-until-extended = extend the term
tipclock-until-closed = close the tip
tipclock-until-reopened = open the tip again

## What has happened
tipclock-event-received = the tip came in
tipclock-event-opened = the tip was opened
tipclock-event-taken = the tip was taken on
tipclock-event-forwarded = the tip was forwarded
tipclock-event-arrival-told = notice was given that it had come in
tipclock-event-decided = the tip was decided on
tipclock-event-result-told = notice was given of the result
tipclock-event-extended = the term was extended
tipclock-event-closed = the tip was closed
tipclock-event-reopened = the tip was opened again

## Lights
tipclock-light-done = ⚪ done
tipclock-light-green = 🟢 in time
tipclock-light-amber = 🟡 due soon
tipclock-light-red = 🔴 overdue

## Reminders
tipclock-reminded = To { $what }: { $why }. Due: { $due }.
tipclock-rung-half = half of the time has passed
tipclock-rung-last-quarter = a quarter of the time is left
tipclock-rung-working-day-before = this is the last working day before it is due
tipclock-rung-at-due = it is due now
tipclock-rung-overdue-1d = 1 day overdue
tipclock-rung-overdue-3d = 3 days overdue
tipclock-rung-overdue-7d = 7 days overdue
tipclock-rung-overdue-weekly = still overdue
tipclock-rung-pass-on = its time is over and nobody has opened it

## It can't be extended
tipclock-extend-stopped = It can't be extended: this clock has stopped.
tipclock-extend-late = It can't be extended: its time is over. A term can be extended only before it ends.
tipclock-extend-no-row = It can't be extended: no clock row allows another extension; each can be used once.
tipclock-extend-not-by = It can't be extended: only { $office } may extend this term.

## What is wrong with a file of clock rows
tipclock-too-large = the file is larger than 1 MB, while a file of clock rows has a few KB; see whether it is the right file
tipclock-too-deep = brackets are nested too deep; a clock row needs none within others, write it more simply
tipclock-twice = this key or table has stood above; remove one, or begin a new clock row with [[clock]]
tipclock-header = the table's name has no closing bracket; write [[clock]]
tipclock-value = this value can't be used; see the example in documents/data/tip-clocks.toml
tipclock-none = there is no clock row; write at least one [[clock]] table
tipclock-no-source = the clock row has no legal source; write the text and article into source, or own = true with whose rule it is
tipclock-length-low = the length is { $length } and must be 1 or more; correct the number
tipclock-length-high = the length is too long; with measure = "{ $measure }" write at most { $most }
tipclock-word = "{ $value }" is not one of the choices; write one of: { $choices }
tipclock-until-none = nothing is said that stops the clock; write at least one of: { $choices }
tipclock-until-trigger = "{ $value }" both starts and stops the clock; remove one
tipclock-valid-to = it ends on { $to }, before it begins on { $from }; correct one of them
tipclock-overlap = this row "{ $id }" and the one at { $owner } are both valid on { $day }; give the older one a valid_to
tipclock-idle-first-day = counts_first_day is only for lengths in days; remove it
tipclock-idle-moves = moves is only for lengths in days or months; remove it
tipclock-idle-calendar = calendar = "every-day" has no days off, so it can't go with working days or with moves; correct one of them
tipclock-passes-on = passes_on is only for lengths in hours; remove it, or write measure = "hours"
tipclock-extends-trigger = an extension needs both trigger = "extended" and extends = the id of the row it extends; write both, or neither
tipclock-extends-unknown = there is no row with the id "{ $id }"; correct extends
tipclock-extends-circle = "{ $id }" extends itself; correct extends
tipclock-extends-nobody = row "{ $id }" does not say who may extend it; write extendable_by in that row
tipclock-extends-idle = this key can't be used in an extension: the row that is extended has said it; remove it
tipclock-idle-from-due = from_due is only for extensions; remove it, or write extends
tipclock-extendable-idle = no row extends "{ $id }"; add one with extends = "{ $id }", or remove extendable_by

## A tip's clocks in the desk's chat
tip-clocks-head = Terms of tips
tip-clocks-more = … and { $count } more.
tip-clock-done-arrival-told = Receipt was notified
tip-clock-done-result-told = Result was notified
tip-clock-noted = Noted for the tip { $name }. The clock has stopped.
tip-clock-noted-before = That was noted before.
