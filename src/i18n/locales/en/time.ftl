time-just-now = just now
time-soon = in a moment
time-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
time-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
}
time-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
time-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
}
time-days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
time-in-days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
}
time-until-hour = until { $at }
time-until-day = until { $at }
