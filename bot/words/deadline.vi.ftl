# Vì sao hạn này? Câu cho các quy tắc thời hạn (bot/domain/why.py).

deadline-why-day = Kế hoạch ghi: { $rule }. Vì vậy hạn cuối là hết ngày { $day }.
deadline-why-time = Kế hoạch ghi: { $rule }. Vì vậy hạn cuối là { $time } ngày { $day }.
deadline-before = trước ngày { $day }, không kể ngày đó
deadline-by = đến hết ngày { $day }
deadline-at = trước { $time } ngày { $day }
deadline-within = { $kind ->
    [quarter] trong quý { $number }/{ $year }, kể cả ngày cuối quý
    [half] trong 6 tháng { $number ->
        [1] đầu năm
       *[other] cuối năm
    } { $year }, kể cả ngày cuối
    [month] trong tháng { $number }/{ $year }, kể cả ngày cuối tháng
   *[year] trong năm { $year }, kể cả ngày cuối năm
}
deadline-every-week = { $edge ->
    [at] trước { $time } { deadline-weekday } hằng tuần
    [before] trước { deadline-weekday } hằng tuần
   *[by] đến hết { deadline-weekday } hằng tuần
}, từ { $from }
deadline-weekday = { $day ->
    [1] thứ Hai
    [2] thứ Ba
    [3] thứ Tư
    [4] thứ Năm
    [5] thứ Sáu
    [6] thứ Bảy
   *[7] Chủ nhật
}
deadline-every-week-end = hằng tuần, đến hết Chủ nhật, từ { $from }
deadline-every-month = { $edge ->
    [at] trước { $time } ngày { $day } hằng tháng
    [before] trước ngày { $day } hằng tháng
   *[by] đến hết ngày { $day } hằng tháng
}, từ { $from }
deadline-every-month-end = hằng tháng, đến hết ngày cuối tháng, từ { $from }
deadline-every-quarter = { $edge ->
    [at] trước { $time } ngày { $day } của tháng cuối quý
    [before] trước ngày { $day } của tháng cuối quý
   *[by] đến hết ngày { $day } của tháng cuối quý
}, từ { $from }
deadline-every-quarter-end = hằng quý, đến hết ngày cuối quý, từ { $from }
deadline-every-half-year = { $edge ->
    [at] trước { $time } ngày { $day } tháng 6 và tháng 12
    [before] trước ngày { $day } tháng 6 và tháng 12
   *[by] đến hết ngày { $day } tháng 6 và tháng 12
}, từ { $from }
deadline-every-half-year-end = 6 tháng một lần, đến hết ngày 30/6 và 31/12, từ { $from }
deadline-every-year = { $edge ->
    [at] trước { $time } ngày { $day } hằng năm
    [before] trước ngày { $day } hằng năm
   *[by] đến hết ngày { $day } hằng năm
}, từ { $from }
deadline-every-year-end = hằng năm, đến hết ngày 31/12, từ { $from }
deadline-ad-hoc = khi có yêu cầu đột xuất
deadline-ongoing = thường xuyên
deadline-waiting = khi bắt đầu: { $event }
