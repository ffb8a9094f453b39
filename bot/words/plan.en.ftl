# A plan's file (TOML) is wrong somewhere: in which file, line and key, and what to do.

plan-at-key = { $file }, line { $line }, { $key }: { $what }
plan-at-line = { $file }, line { $line }: { $what }
plan-at-file = { $file }: { $what }

## The whole file
plan-too-large = the file is larger than 1 MB, a plan is some tens of kilobytes: is it the right file?
plan-not-utf8 = this is not UTF-8: save the file as UTF-8
plan-too-deep = its brackets are nested too deeply, a plan needs two levels: write it more simply
plan-toml = this is not written as TOML wants it: look at brackets, quotes and commas
plan-toml-string = the closing quote is missing: close the text on its own line
plan-toml-character = there is a control character that can't be seen: remove it and type this again
plan-toml-backslash = a \ within a text is written \\
plan-toml-twice = this key or table is there already: remove one, or write a repeated table with two brackets, as [[unit]]
plan-toml-header = the name of a table is not closed: write it as [plan] or [[unit]]
plan-toml-equals = a key is followed by =, and is made of a-z, 0-9, - and _: write it as title = "…"
plan-toml-rest = something is left over after the value: write one key a line, and notes after #
plan-toml-unclosed = a bracket is not closed, or a comma is missing between two values: correct it
plan-toml-statement = this line is neither a table nor a key: write it as title = "…", and notes after #
plan-toml-value = this value can't be read: texts stand in double quotes, days as 2026-02-28, numbers without quotes

## Tables and keys
plan-no-such-table = unknown table; there are { $tables }: correct its name
plan-no-table = this must be a table: write its name in brackets, and its keys on the lines below
plan-several = there can be several: write [[{ $table }]]
plan-key-unknown = there is no such key: correct or remove it
plan-key-missing = this key is missing: add it

## Values
plan-value = this value can't be used: see the example in plans/lao-cai-2026.toml
plan-type = write { $wanted ->
    [str] a text in double quotes, as "Sở Y tế"
    [int] a whole number, without quotes
    [float] a number, without quotes
    [bool] true or false, without quotes
    [array] a list in brackets, as ["all"]
    [object] keys in braces, as {"{"} before = 2026-02-28 {"}"}
    [date] a day as 2026-02-28, without quotes
    [time] a time as 10:00:00, without quotes
   *[other] something else
}; here is { $got ->
    [str] a text
    [int] a whole number
    [float] a decimal number
    [bool] true or false
    [array] a list
    [object] something in braces
    [date] a day
    [time] a time
    [datetime] a day with a time
   *[other] something else
}
plan-choice = “{ $value }” can't be chosen: write one of { $choices }
plan-list-empty = the list is empty: write at least one value
plan-text-empty = it is empty: write something
plan-text-long = it is too long: write at most { $bound } characters
plan-number-low = the number is too small: write { $bound } or more
plan-number-high = the number is too large: write { $bound } or less
plan-write-code = write 1 to 32 of a-z, 0-9 and hyphens, and no hyphen first
plan-write-line = write one line without control characters
plan-write-month-day = write month and day, as "01-05" for 5 January
plan-write-issued = write "2026-02-13", or "2026-02" where the day is not known
plan-write-day = write a day as 2026-02-28, without quotes
plan-write-time = write a time as 10:00:00, without quotes
plan-no-day = { $value } is no day of the calendar: correct it
plan-no-time = { $value } is no time of the day: write it as 10:00:00
plan-no-zone = there is no time zone “{ $zone }”: write "Asia/Ho_Chi_Minh"
plan-no-province = there is no province “{ $province }”: write its name as "Lào Cai"

## Units, ladders, numbers
plan-code-taken = “{ $code }” is the code of { $owner } already: choose another
plan-no-unit = “{ $selector }” names no unit: write the code of a [[unit]], "all", "level:commune" or "body:…"
plan-nobody-left = no unit is left of these selectors: take away fewer (those written after -)
plan-no-parent = there is no [[unit]] with the code “{ $code }”: correct the code or add that unit
plan-parent-circle = “{ $code }” would stand above itself: correct parent
plan-no-ladder = there is no [[ladder]] with the name “{ $name }”: correct the name or add that ladder
plan-rung-before = a rung before the due instant has no days or minutes above 0: write a negative number or 0
plan-rung-after = a rung after the due instant counts days from 1 on: write 1 or more
plan-numbers-reversed = the low { $low } of “{ $code }” is above its high { $high }: correct one of them
plan-numbers-twice = two of the numbers have the same code: change one

## Deadlines
plan-deadline-none = there is no deadline: write exactly one of { $keys }
plan-deadline-several = there are { $given } at once: keep one
plan-key-idle = { $key } means nothing beside { $beside }: leave it out
plan-year-far = { $day } is not between 2000 and 2199: correct the year
plan-time-offset = write the time without an offset, as it is in the province
plan-starts-late = it begins on { $start }, after its last day { $last }: correct one of them
plan-ends-early = it ends on { $until }, before its start { $start }: correct one of them
plan-no-start = a recurrence needs a start: write from = the first day that counts
plan-time-needs-by = a time belongs to a day: write { $by } in place of before, then at
plan-time-needs-day = a time belongs to a day: add by_weekday, by_day or by_date
plan-day-twice = { $key } says the day already: leave one out
plan-no-period = “{ $period }” is no period: write "2026", "2026-Q1", "2026-H1" or "2026-03"
plan-before-issue = its last day { $last } is before the plan was issued ({ $issued }): is the year right?
