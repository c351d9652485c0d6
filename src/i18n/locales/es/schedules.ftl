nav-schedules = Horarios
schedules-intro = Las semanas en que trabajan su equipo y sus departamentos. Un mismo horario puede servir a varios.
schedules-add = Añadir horario
schedules-empty-title = Todavía no hay horarios
schedules-empty = Un horario es una semana de horas de trabajo en una zona horaria. Sin él, todos están siempre dentro del horario. Añada el primero y asígnelo a operadores y departamentos.
schedules-name = Nombre
schedules-name-help = Para su equipo, por ejemplo «Oficina de París»
schedules-zone = Zona horaria
schedules-zone-help = Las horas de abajo valen en esta zona, también cuando cambia la hora.
schedules-week = Semana
schedules-week-help = Horas como 09:00 y 17:00; el final ya no se incluye. Un final anterior al comienzo cae en el día siguiente. Un día entero va de 00:00 a 24:00; un día sin horas está cerrado.
schedules-all-week = 24 horas, 7 días
schedules-clear = Borrar todo
schedules-closed = cerrado
schedules-from-label = { $day }, desde, { $row }
schedules-to-label = { $day }, hasta, { $row }
schedules-add-interval = Añadir un intervalo el { $day }
schedules-remove-interval = Quitar el intervalo { $row } del { $day }
schedules-copy = Copiar el { $day } a otros días
schedules-copy-workdays = Copiar el { $day } de lunes a viernes
schedules-copy-all = Copiar el { $day } a todos los días
schedules-mon = lunes
schedules-short-mon = lun
schedules-tue = martes
schedules-short-tue = mar
schedules-wed = miércoles
schedules-short-wed = mié
schedules-thu = jueves
schedules-short-thu = jue
schedules-fri = viernes
schedules-short-fri = vie
schedules-sat = sábado
schedules-short-sat = sáb
schedules-sun = domingo
schedules-short-sun = dom
schedules-drawn = La semana
schedules-exceptions = Excepciones
schedules-exceptions-help = Días con otras horas o cerrados. Ambos días se incluyen. La excepción de un operador va antes que la del horario, y esta antes que la de la organización; rige los turnos que empiezan en sus días.
schedules-exceptions-none = No hay ninguna.
schedules-exception-add = Añadir excepción
schedules-exception-remove = Quitar la excepción { $row }
schedules-exception-name = Nombre de la excepción { $row }
schedules-exception-from = Primer día de la excepción { $row }
schedules-exception-to = Último día de la excepción { $row }
schedules-exception-hours = Horas de la excepción { $row }
schedules-column-name = Nombre
schedules-column-from = Primer día
schedules-column-to = Último día
schedules-column-hours = Horas (09:00-13:00)
schedules-new-title = Añadir un horario
schedules-new-intro = Póngale un nombre y unas horas; después elíjalo para operadores y departamentos.
schedules-about = El horario
schedules-view-only = Puede consultar este horario, pero no cambiarlo.
schedules-hours-view-only = Puede consultar estas horas, pero no cambiarlas.
schedules-created = Se ha añadido «{ $name }». Elíjalo para los operadores en sus páginas.
schedules-saved = Se ha guardado «{ $name }».
schedules-deleted = Se ha eliminado «{ $name }».
schedules-edit = Editar { $name }
schedules-used-by = Lo usan
schedules-unused = Todavía no lo usa nadie.
schedules-danger = Operaciones peligrosas
schedules-delete = Eliminar horario
schedules-delete-help = Primero verá quién lo usa y elegirá con qué se sustituye.
schedules-deletion-title = ¿Eliminar { $name }?
schedules-deletion-unused = No lo usa nadie.
schedules-deletion-audit = El registro de auditoría conserva sus horas.
schedules-replacement = Se usará en su lugar
schedules-replacement-help = Todos los nombrados arriba lo usarán desde entonces.
schedules-choose = Elija…
schedules-none-chosen = Sin horario: siempre dentro del horario
schedules-own = Horas propias
schedules-own-help = Cuentan cuando arriba se elige «Horas propias».
schedules-own-exceptions-help = Días en que esta persona tiene otras horas o ninguna. Van antes que los del horario y los de la organización, y solo cuentan con un horario.
schedules-choice-help = Un horario que comparten varias personas, horas propias o ninguno.
schedules-uses = Horario compartido:
schedules-office-hours = Horario de atención
schedules-department-schedule = Horario del departamento
schedules-department-help = Fuera de estas horas no llega nada nuevo, sean cuales sean las horas de sus operadores.
schedules-always = Sin horario: siempre dentro del horario
schedules-within = Dentro del horario día y noche
schedules-within-until = Dentro del horario hasta el { $at } ({ $zone })
schedules-outside = Fuera del horario, y no hay horas previstas
schedules-outside-until = Fuera del horario hasta el { $at } ({ $zone })
schedules-by-week = Por { $fact }
schedules-by-operator = Por la excepción propia «{ $name }»
schedules-by-schedule = Por la excepción «{ $name }» del horario
schedules-by-organisation = Por la excepción «{ $name }» de la organización
schedules-by-allowed = Porque lo ha permitido { $name }
schedules-coming = Los próximos siete días
schedules-holidays = Festivos y días de cierre
schedules-holidays-intro = Valen para todos los horarios, salvo que el horario o un operador tenga su propia excepción ese día.
schedules-holidays-help = Ambos días se incluyen. Sin horas, el día está cerrado.
schedules-holidays-saved = Se han guardado los festivos y días de cierre.
audit-object-schedule = Horario
audit-object-holidays = Festivos y días de cierre
audit-action-schedule-created = Horario añadido
audit-action-schedule-changed = Horario modificado
audit-action-schedule-deleted = Horario eliminado
audit-action-holidays-changed = Festivos y días de cierre modificados
audit-field-weekly = Semana
audit-field-exceptions = Excepciones
audit-field-schedule-id = Horario de atención
error-time-of-day = «{ $text }» no es una hora. Escriba una como 09:00
error-interval-from-24 = 24:00 termina un día y no empieza ninguno. Escriba 00:00 en el día siguiente
error-interval-empty = El comienzo y el final son iguales. Un día entero va de 00:00 a 24:00
error-intervals-overlap = Estas horas se solapan: { $firstDay } { $first } y { $secondDay } { $second }. Cambie una de ellas
error-exception-hours-overlap = Estas horas se solapan: { $first } y { $second }. Cambie una de ellas
error-exceptions-overlap = «{ $first }» y «{ $second }» reclaman un mismo día. Cambie los días de una de ellas
error-date = «{ $text }» no es una fecha. Escriba una como 2026-12-24
error-date-order = El último día es anterior al primero
schedules-operators = { $count ->
    [one] { $count } operador
   *[other] { $count } operadores
}
schedules-departments = { $count ->
    [one] { $count } departamento
   *[other] { $count } departamentos
}
schedules-deletion-operators = { $count ->
    [one] { $count } operador lo usa:
   *[other] { $count } operadores lo usan:
}
schedules-deletion-departments = { $count ->
    [one] { $count } departamento lo usa:
   *[other] { $count } departamentos lo usan:
}
schedules-save-at-once = Guardar
api-keys-area-schedules = Horarios
