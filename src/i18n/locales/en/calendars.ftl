calendars-title = Holiday calendars
calendars-intro = Public holidays and other closed days from an .ics file. Where an exception above claims the same day, that one decides.
calendars-none = None was imported yet.
calendars-name = Name
calendars-name-help = Leave it empty to take the name that the file gives itself.
calendars-about = The calendar
calendars-closed-days = Closed days
calendars-next = Next
calendars-next-none = none planned
calendars-imported-at = Imported
calendars-import = Import a calendar
calendars-new-title = Import a holiday calendar
calendars-new-text = You first see which days the file would close. Nothing changes before you confirm.
calendars-again-title = Import { $name } again
calendars-again-text = New days are added and those that the file no longer has go. Days that you switched off stay off.
calendars-file = Calendar file (.ics)
calendars-file-help = UTF-8, 512 KiB at most. All-day events close their days; events with times close the days they touch. Days from a year ago to three years ahead are taken.
calendars-look = Look at the days
calendars-other-file = Choose another file
calendars-preview = What “{ $name }” would close
calendars-preview-days = { $count ->
    [one] 1 entry.
   *[other] { $count } entries.
}
calendars-preview-added = { $count ->
    [one] 1 entry is new
   *[other] { $count } entries are new
}
calendars-preview-gone = { $count ->
    [one] 1 entry goes, since the file no longer has it
   *[other] { $count } entries go, since the file no longer has them
}
calendars-preview-off = { $count ->
    [one] 1 entry stays switched off
   *[other] { $count } entries stay switched off
}
calendars-zone = Times are read in the zone { $zone }.
calendars-day = Day
calendars-what = Name
calendars-stays-off = stays off
calendars-is-new = new
calendars-goes = goes
calendars-confirm = { $count ->
    [one] Import 1 entry
   *[other] Import { $count } entries
}
calendars-unnamed = Closed
calendars-of = Calendar of
calendars-imported-by = Imported by { $name }
calendars-again = Import again
calendars-switch-help = A day that is switched off is an ordinary day, and stays so when the file is imported again.
calendars-off-told = { $count ->
    [one] 1 entry is switched off.
   *[other] { $count } entries are switched off.
}
calendars-off = { $count } off
calendars-coming-none = No day to come.
calendars-past = { $count ->
    [one] 1 entry that is over
   *[other] { $count } entries that are over
}
calendars-danger = Dangerous
calendars-delete = Delete calendar
calendars-delete-help = Its days become ordinary days again.
calendars-deletion-title = Delete { $name }?
calendars-deletion-days = { $count ->
    [0] None of its entries closes a day now.
    [one] 1 entry closes its days no longer.
   *[other] { $count } entries close their days no longer.
}
calendars-deletion-audit = The audit log keeps the list of its days.
calendars-saved = “{ $name }” was saved.
calendars-deleted = “{ $name }” was deleted. Its days are ordinary days again.
calendars-imported = “{ $name }” was imported. Entries: { $count }.
calendars-imported-again = “{ $name }” was imported again. Entries: { $count }, new: { $added }, gone: { $removed }, still switched off: { $off }.
audit-object-calendar = Holiday calendar
audit-action-calendar-imported = Holiday calendar imported
audit-action-calendar-changed = Holiday calendar changed
audit-action-calendar-deleted = Holiday calendar deleted
audit-field-closed-days = Closed days
error-calendar-file = Choose an .ics file that contains something
error-calendar-size = The file is larger than { $max } KiB. Take out the years that you do not need
error-calendar-encoding = The file is not in UTF-8. Export it again, or save it as UTF-8
error-calendar-unknown = This is no calendar. An .ics file begins with BEGIN:VCALENDAR
error-calendar-line = Line { $line } of the file cannot be read
error-calendar-unfinished = The file breaks off before its end. Export it again
error-calendar-date = The date, time or duration on line { $line } cannot be read
error-calendar-rule = The recurrence of “{ $name }” cannot be read
error-calendar-often = “{ $name }” repeats more than once a day. Holidays repeat by days at most
error-calendar-endless = The recurrences of the file take too long to count out. Give them an end, or leave out what never happens
error-calendar-events = The file has more than { $max } events
error-calendar-entries = The file closes more than { $max } times between a year ago and three years ahead. Give its recurrences an end
error-calendar-nothing = The file closes no day between { $from } and { $to }
error-calendar-many = There are { $max } calendars already. Delete one first
error-calendar-changed = Somebody has changed this calendar meanwhile. Choose the file once more and look at what it would do now
