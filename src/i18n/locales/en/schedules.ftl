nav-schedules = Office hours
schedules-intro = The weeks in which your team and your departments work. One schedule can serve many.
schedules-add = Add schedule
schedules-empty-title = No schedule yet
schedules-empty = A schedule is a week of working hours in a time zone. Without one, everybody is always within hours. Add the first, then give it to operators and departments.
schedules-name = Name
schedules-name-help = For your team, such as “Paris office”
schedules-zone = Time zone
schedules-zone-help = The hours below are meant in this zone, also when its clocks change.
schedules-week = Week
schedules-week-help = Times such as 09:00 and 17:00; the end itself is no longer included. An end before the start lies in the next day. A whole day is 00:00 to 24:00; a day without times is closed.
schedules-all-week = 24/7
schedules-clear = Clear
schedules-closed = closed
schedules-from-label = { $day }, from, { $row }
schedules-to-label = { $day }, to, { $row }
schedules-add-interval = Add interval on { $day }
schedules-remove-interval = Remove interval { $row } on { $day }
schedules-copy = Copy { $day } to other days
schedules-copy-workdays = Copy { $day } to Monday to Friday
schedules-copy-all = Copy { $day } to every day
schedules-mon = Monday
schedules-short-mon = Mon
schedules-tue = Tuesday
schedules-short-tue = Tue
schedules-wed = Wednesday
schedules-short-wed = Wed
schedules-thu = Thursday
schedules-short-thu = Thu
schedules-fri = Friday
schedules-short-fri = Fri
schedules-sat = Saturday
schedules-short-sat = Sat
schedules-sun = Sunday
schedules-short-sun = Sun
schedules-drawn = The week
schedules-exceptions = Exceptions
schedules-exceptions-help = Days with other hours or none. Both days are included. An exception of an operator comes before one of the schedule, and that before one of the organisation; it governs the shifts that start on its days.
schedules-exceptions-none = There are none.
schedules-exception-add = Add exception
schedules-exception-remove = Remove exception { $row }
schedules-exception-name = Name of exception { $row }
schedules-exception-from = First day of exception { $row }
schedules-exception-to = Last day of exception { $row }
schedules-exception-hours = Hours of exception { $row }
schedules-column-name = Name
schedules-column-from = First day
schedules-column-to = Last day
schedules-column-hours = Hours (09:00-13:00)
schedules-new-title = Add a schedule
schedules-new-intro = Give it a name and hours; then choose it for operators and departments.
schedules-about = The schedule
schedules-view-only = You can look at this schedule, but not change it.
schedules-hours-view-only = You can look at these hours, but not change them.
schedules-created = “{ $name }” was added. Choose it for operators on their pages.
schedules-saved = “{ $name }” was saved.
schedules-deleted = “{ $name }” was deleted.
schedules-edit = Edit { $name }
schedules-used-by = Used by
schedules-unused = Nobody uses it yet.
schedules-danger = Dangerous
schedules-delete = Delete schedule
schedules-delete-help = You first see who uses it, and choose what they use instead.
schedules-deletion-title = Delete { $name }?
schedules-deletion-unused = Nobody uses it.
schedules-deletion-audit = The audit log keeps its hours.
schedules-replacement = Used instead
schedules-replacement-help = Everybody named above uses this from then on.
schedules-choose = Choose…
schedules-none-chosen = No schedule: always within hours
schedules-own = Own hours
schedules-own-help = They count where “Own hours” is chosen above.
schedules-own-exceptions-help = Days on which this person has other hours or none. They come before those of the schedule and of the organisation, and count only with a schedule.
schedules-choice-help = A schedule that several people share, hours of one’s own, or none at all.
schedules-uses = Shared schedule:
schedules-office-hours = Office hours
schedules-department-schedule = Schedule of the department
schedules-department-help = Outside of these hours nothing new arrives here, whatever the hours of its operators.
schedules-always = No schedule: always within hours
schedules-within = Within hours round the clock
schedules-within-until = Within hours until { $at } ({ $zone })
schedules-outside = Outside hours, and none are planned
schedules-outside-until = Outside hours until { $at } ({ $zone })
schedules-by-week = Because of { $fact }
schedules-by-operator = Because of the own exception “{ $name }”
schedules-by-schedule = Because of the exception “{ $name }” of the schedule
schedules-by-organisation = Because of the exception “{ $name }” of the organisation
schedules-by-allowed = Because { $name } allowed it
schedules-coming = The next seven days
schedules-holidays = Holidays and closed days
schedules-holidays-intro = These hold for every schedule, unless the schedule or an operator has an exception of its own for the day.
schedules-holidays-help = Both days are included. Without hours the day is closed.
schedules-holidays-saved = The holidays and closed days were saved.
audit-object-schedule = Schedule
audit-object-holidays = Holidays and closed days
audit-action-schedule-created = Schedule added
audit-action-schedule-changed = Schedule changed
audit-action-schedule-deleted = Schedule deleted
audit-action-holidays-changed = Holidays and closed days changed
audit-field-weekly = Week
audit-field-exceptions = Exceptions
audit-field-schedule-id = Office hours
error-time-of-day = “{ $text }” is no time. Enter one such as 09:00
error-interval-from-24 = 24:00 ends a day and starts none. Enter 00:00 on the next day
error-interval-empty = Start and end are the same. A whole day is 00:00 to 24:00
error-intervals-overlap = These hours overlap: { $firstDay } { $first } and { $secondDay } { $second }. Change one of them
error-exception-hours-overlap = These hours overlap: { $first } and { $second }. Change one of them
error-exceptions-overlap = “{ $first }” and “{ $second }” both claim a day. Change the days of one of them
error-date = “{ $text }” is no date. Enter one such as 2026-12-24
error-date-order = The last day lies before the first
schedules-operators = { $count ->
    [one] { $count } operator
   *[other] { $count } operators
}
schedules-departments = { $count ->
    [one] { $count } department
   *[other] { $count } departments
}
schedules-deletion-operators = { $count ->
    [one] { $count } operator uses it:
   *[other] { $count } operators use it:
}
schedules-deletion-departments = { $count ->
    [one] { $count } department uses it:
   *[other] { $count } departments use it:
}
schedules-save-at-once = Save
api-keys-area-schedules = Schedules
