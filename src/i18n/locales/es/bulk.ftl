# {count} is filled in by a script, not by Fluent.
bulk-said = {"{"}count{"}"} seleccionados
bulk-chosen = seleccionados
bulk-choose = Seleccionar a { $name }
bulk-choose-page = Seleccionar toda la página
bulk-choose-nobody = No seleccionar a nadie
bulk-all = { $count ->
    [one] El único operador de esta lista
   *[other] Los { $count } operadores de esta lista
}
bulk-nobody = Seleccione primero al menos un operador.
bulk-suspend = Suspender…
bulk-reactivate = Reactivar
bulk-invite = Reenviar la invitación
bulk-priority = Fijar prioridad…
bulk-department = Añadir a un departamento…

bulk-deed-suspend = Suspender operadores
bulk-deed-reactivate = Reactivar operadores
bulk-deed-invite = Reenviar invitaciones
bulk-deed-priority = Fijar la prioridad
bulk-deed-department = Añadir a un departamento
bulk-ask-suspend = { $count ->
    [0] No se puede suspender a nadie
    [one] ¿Suspender a { $count } operador?
   *[other] ¿Suspender a { $count } operadores?
}
bulk-ask-reactivate = { $count ->
    [0] No hay nadie que reactivar
    [one] ¿Reactivar a { $count } operador?
   *[other] ¿Reactivar a { $count } operadores?
}
bulk-ask-invite = { $count ->
    [0] No se puede invitar a nadie
    [one] ¿Reenviar { $count } invitación?
   *[other] ¿Reenviar { $count } invitaciones?
}
bulk-ask-priority = { $count ->
    [0] No se puede fijar ninguna prioridad
    [one] Fijar la prioridad de { $count } operador
   *[other] Fijar la prioridad de { $count } operadores
}
bulk-ask-department = { $count ->
    [0] No se puede añadir a nadie
    [one] Añadir { $count } operador a un departamento
   *[other] Añadir { $count } operadores a un departamento
}
bulk-means-suspend = Se cierran todas sus sesiones, los enlaces de sus correos dejan de funcionar y no podrán entrar hasta que usted los reactive.
bulk-means-reactivate = Pueden volver a entrar. Quienes nunca aceptaron una invitación necesitan una nueva.
bulk-means-invite = Cada uno recibe un correo con un enlace nuevo. Los enlaces enviados antes quedan anulados.
bulk-means-priority = Todos reciben el mismo número.
bulk-means-department = Entran con todos los canales del departamento. Uno completo no admite a nadie más; el informe dice quién no encontró lugar.
bulk-left-out = { $count ->
    [one] { $count } operador queda fuera. El motivo está abajo.
   *[other] { $count } operadores quedan fuera. Los motivos están abajo.
}
bulk-needless = { $count ->
    [one] { $count } operador ya está como usted desea.
   *[other] { $count } operadores ya están como usted desea.
}
bulk-do-suspend = { $count ->
    [one] Suspender a { $count } operador
   *[other] Suspender a { $count } operadores
}
bulk-do-reactivate = { $count ->
    [one] Reactivar a { $count } operador
   *[other] Reactivar a { $count } operadores
}
bulk-do-invite = { $count ->
    [one] Enviar { $count } invitación
   *[other] Enviar { $count } invitaciones
}
bulk-do-priority = { $count ->
    [one] Fijarla para { $count } operador
   *[other] Fijarla para { $count } operadores
}
bulk-do-department = { $count ->
    [one] Añadir { $count } operador
   *[other] Añadir { $count } operadores
}
bulk-done = { $count ->
    [0] No se ha cambiado nada.
    [one] Hecho para { $count } operador.
   *[other] Hecho para { $count } operadores.
}

bulk-outcome-waiting = Por hacer
bulk-outcome-done = Hecho
bulk-outcome-same = Nada que hacer
bulk-outcome-refused = Queda fuera
bulk-reason-above = Su rol no llega hasta aquí: este operador puede hacer lo que usted no puede
bulk-reason-already-active = Ya ha aceptado una invitación
bulk-reason-gone = Se ha eliminado entretanto
bulk-reason-last-owner = Es el último propietario activo
bulk-reason-oneself = Es su propia cuenta
bulk-reason-suspended = Está suspendido. Reactive primero la cuenta
bulk-reason-too-soon = Se le ha invitado hace menos de un minuto, o cinco veces en un día
bulk-reason-department-full = { $department } está completo: { $max } operadores como máximo
bulk-reason-unknown-choice = Lo elegido se eliminó entretanto

run-tabs = Filas por resultado
run-line = Línea
run-operator = Operador
run-outcome = Resultado
run-details = Detalles
run-download = Descargar el informe
run-back = A la lista
run-progress = { $done } de { $total } filas
run-refreshes = Esta página se actualiza sola. Puede salir de ella: el trabajo continúa.
run-kept = El informe se conserva durante un día.
run-failed-right = No se ha hecho nada más, porque usted ya no puede gestionar operadores.
run-failed-file = Las columnas del archivo ya no encajan, porque se ha eliminado un idioma. Elija de nuevo el archivo.
run-failed-interrupted = Este trabajo se ha interrumpido varias veces y se abandona. Lo hecho hasta entonces se mantiene; vuelva a intentar el resto.
conflict-nobody-chosen = Seleccione primero al menos un operador.
bulk-schedule = Fijar horario…
bulk-deed-schedule = Fijar el horario
bulk-ask-schedule = { $count ->
    [one] ¿Fijar el horario de 1 operador?
   *[other] ¿Fijar el horario de { $count } operadores?
}
bulk-means-schedule = Todos siguen el mismo horario. Quien tenía un horario propio lo conserva sin usarlo.
bulk-do-schedule = { $count ->
    [one] Fijar el horario de 1 operador
   *[other] Fijar el horario de { $count } operadores
}
bulk-no-schedule = Sin horario: siempre dentro del horario
