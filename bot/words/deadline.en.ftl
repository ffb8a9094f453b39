# Why this deadline? Sentences for the rules of deadlines (bot/domain/why.py).

deadline-why-day = The plan says: { $rule }. So it is due by the end of { $day }.
deadline-why-time = The plan says: { $rule }. So it is due at { $time } on { $day }.
deadline-before = before { $day }, that day not included
deadline-by = by the end of { $day }
deadline-at = before { $time } on { $day }
deadline-within = { $kind ->
    [quarter] within quarter { $number } of { $year }, its last day included
    [half] within the { $number ->
        [1] first
       *[other] second
    } half of { $year }, its last day included
    [month] within month { $number } of { $year }, its last day included
   *[year] within the year { $year }, its last day included
}
deadline-every-week = every week { $edge ->
    [at] before { $time } on { deadline-weekday }
    [before] before { deadline-weekday }
   *[by] by the end of { deadline-weekday }
}, from { $from }
deadline-weekday = { $day ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
deadline-every-week-end = every week by the end of Sunday, from { $from }
deadline-every-month = every month { $edge ->
    [at] before { $time } on day { $day }
    [before] before day { $day }
   *[by] by the end of day { $day }
}, from { $from }
deadline-every-month-end = every month by the end of its last day, from { $from }
deadline-every-quarter = every quarter { $edge ->
    [at] before { $time } on day { $day } of its last month
    [before] before day { $day } of its last month
   *[by] by the end of day { $day } of its last month
}, from { $from }
deadline-every-quarter-end = every quarter by the end of its last day, from { $from }
deadline-every-half-year = every half-year { $edge ->
    [at] before { $time } on day { $day } of June and December
    [before] before day { $day } of June and December
   *[by] by the end of day { $day } of June and December
}, from { $from }
deadline-every-half-year-end = every half-year by the end of 30/6 and 31/12, from { $from }
deadline-every-year = every year { $edge ->
    [at] before { $time } on { $day }
    [before] before { $day }
   *[by] by the end of { $day }
}, from { $from }
deadline-every-year-end = every year by the end of 31/12, from { $from }
deadline-ad-hoc = when it is asked for
deadline-ongoing = all the time
deadline-waiting = once this begins: { $event }
