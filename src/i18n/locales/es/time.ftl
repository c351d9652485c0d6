time-just-now = ahora mismo
time-soon = en un momento
time-minutes-ago = { $count ->
    [one] hace 1 minuto
   *[other] hace { $count } minutos
}
time-in-minutes = { $count ->
    [one] en 1 minuto
   *[other] en { $count } minutos
}
time-hours-ago = { $count ->
    [one] hace 1 hora
   *[other] hace { $count } horas
}
time-in-hours = { $count ->
    [one] en 1 hora
   *[other] en { $count } horas
}
time-days-ago = { $count ->
    [one] hace 1 día
   *[other] hace { $count } días
}
time-in-days = { $count ->
    [one] en 1 día
   *[other] en { $count } días
}
time-until-hour = hasta las { $at }
time-until-day = hasta el { $at }
