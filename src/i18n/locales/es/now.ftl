nav-now = Ahora
nav-on-duty = De servicio
now-title = De servicio ahora
now-at = { $at } ({ $zone })
now-mine = Su propia situación
now-since = desde
now-caption = Cuántos reciben ahora, de los que pueden atender el canal
now-department = Departamento
now-of = de
now-why = Por qué: { $channel }, { $department }
now-not-worked = aquí no se usa
now-open = abierto a todas horas
now-open-until = abierto { $until }
now-closed = cerrado
now-closed-until = cerrado { $until }
now-nobody = nadie recibe
now-nobody-may = ningún miembro puede atenderlo
now-below = { $count ->
    [one] menos de { $count }
   *[other] menos de { $count }
}
now-no-departments-title = Todavía no hay departamentos
now-no-departments = Los departamentos unen operadores y canales. En cuanto haya uno, aquí verá quién puede recibir qué en este minuto.
now-not-yours-title = Todavía no pertenece a ningún departamento
now-not-yours = En cuanto alguien le añada a uno, aquí verá quién trabaja en él ahora.
now-more-rows = { $count ->
    [one] No se muestra { $count } departamento más.
   *[other] No se muestran { $count } departamentos más.
}
now-all-departments = Todos los departamentos
now-more-departments = { $count ->
    [one] { $count } departamento más por atender
   *[other] { $count } departamentos más por atender
}
now-more-people = { $count ->
    [one] y { $count } más
   *[other] y { $count } más
}
now-coming = Próximos cambios
now-coming-none = Nada cambia por sí solo en las próximas ocho horas.
now-begins = Empiezan las horas
now-ends = Terminan las horas
now-becomes = El estado pasa a { $name }
now-statuses = Operadores por estado
now-statuses-none = Todavía no hay nadie.
now-all-wearers = { $count ->
    [one] Ver { $count } operador
   *[other] Ver los { $count } operadores
}
now-steps = Primeros pasos
now-step-operators = Añadir a sus operadores
now-step-departments = Añadir su primer departamento
now-step-schedules = Definir los horarios
now-step-holidays = Introducir los festivos o importar un calendario
now-worries = Por atender
now-no-worries = Ahora mismo no hay nada que atender.
now-delivery-failed = { $count ->
    [one] 1 invitación no se pudo entregar
   *[other] { $count } invitaciones no se pudieron entregar
}
now-expired = { $count ->
    [one] 1 invitación no se aceptó y ha caducado
   *[other] { $count } invitaciones no se aceptaron y han caducado
}
now-mail-failed = { $count ->
    [one] 1 correo no se pudo enviar
   *[other] { $count } correos no se pudieron enviar
}
now-untranslated = El puesto de { $name } no está en todos sus idiomas
now-profile-text = Sus compañeros y clientes le encontrarán mejor con estos datos:
now-lacks-photo = Añadir una foto
now-lacks-job-position = Indicar su puesto
now-lacks-translation = Traducir su puesto a todos sus idiomas
now-lacks-languages = Elegir los idiomas en los que atiende
now-lacks-phone = Añadir su número de teléfono
now-lacks-time-zone = Elegir su zona horaria
now-queries-waiting = { $count ->
    [one] Una consulta espera a alguien
   *[other] { $count } consultas esperan a alguien
}
