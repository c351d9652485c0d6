nav-now = Now
nav-on-duty = On duty
now-title = On duty now
now-at = { $at } ({ $zone })
now-mine = Your own standing
now-since = since
now-caption = How many receive now, of those who may work the channel
now-department = Department
now-of = of
now-why = Why: { $channel }, { $department }
now-not-worked = not worked here
now-open = open at all hours
now-open-until = open { $until }
now-closed = closed
now-closed-until = closed { $until }
now-nobody = nobody receives
now-nobody-may = no member may work it
now-below = { $count ->
    [one] fewer than 1
   *[other] fewer than { $count }
}
now-no-departments-title = No department yet
now-no-departments = Departments bring operators and channels together. Once there is one, you see here who can receive what this minute.
now-not-yours-title = You belong to no department yet
now-not-yours = As soon as somebody adds you to one, you see here who works there now.
now-more-rows = { $count ->
    [one] 1 more department is not shown.
   *[other] { $count } more departments are not shown.
}
now-all-departments = All departments
now-more-departments = { $count ->
    [one] 1 more department needs a hand
   *[other] { $count } more departments need a hand
}
now-more-people = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
now-coming = Next changes
now-coming-none = Nothing changes by itself in the coming eight hours.
now-begins = Hours begin
now-ends = Hours end
now-becomes = Status becomes { $name }
now-statuses = Operators by status
now-statuses-none = Nobody is here yet.
now-all-wearers = { $count ->
    [one] Show 1 operator
   *[other] Show all { $count } operators
}
now-steps = First steps
now-step-operators = Add your operators
now-step-departments = Add your first department
now-step-schedules = Set up office hours
now-step-holidays = Enter holidays, or import a calendar
now-worries = Needs a hand
now-no-worries = Nothing needs a hand right now.
now-delivery-failed = { $count ->
    [one] 1 invitation could not be delivered
   *[other] { $count } invitations could not be delivered
}
now-expired = { $count ->
    [one] 1 invitation was never accepted and has expired
   *[other] { $count } invitations were never accepted and have expired
}
now-mail-failed = { $count ->
    [one] 1 e-mail was given up
   *[other] { $count } e-mails were given up
}
now-untranslated = { $name } has no job position in every language
now-profile-text = Colleagues and customers find you more easily with these:
now-lacks-photo = Add a photo
now-lacks-job-position = Say what your job position is
now-lacks-translation = Translate your job position into all your languages
now-lacks-languages = Choose the languages you assist in
now-lacks-phone = Add your telephone number
now-lacks-time-zone = Choose your time zone
now-queries-waiting = { $count ->
    [one] One query waits for somebody
   *[other] { $count } queries wait for somebody
}
