time-just-now = à l’instant
time-soon = dans un instant
time-minutes-ago = { $count ->
    [one] il y a 1 minute
   *[other] il y a { $count } minutes
}
time-in-minutes = { $count ->
    [one] dans 1 minute
   *[other] dans { $count } minutes
}
time-hours-ago = { $count ->
    [one] il y a 1 heure
   *[other] il y a { $count } heures
}
time-in-hours = { $count ->
    [one] dans 1 heure
   *[other] dans { $count } heures
}
time-days-ago = { $count ->
    [one] il y a 1 jour
   *[other] il y a { $count } jours
}
time-in-days = { $count ->
    [one] dans 1 jour
   *[other] dans { $count } jours
}
time-until-hour = jusqu’à { $at }
time-until-day = jusqu’au { $at }
