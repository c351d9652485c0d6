calendars-title = Calendarios de festivos
calendars-intro = Festivos y otros días de cierre de un archivo .ics. Si una excepción de arriba afecta al mismo día, decide la excepción.
calendars-none = Todavía no se ha importado ninguno.
calendars-name = Nombre
calendars-name-help = Déjelo vacío para usar el nombre que se da el propio archivo.
calendars-about = El calendario
calendars-closed-days = Días de cierre
calendars-next = Próximo
calendars-next-none = ninguno previsto
calendars-imported-at = Importado
calendars-import = Importar un calendario
calendars-new-title = Importar un calendario de festivos
calendars-new-text = Primero verá qué días cerraría el archivo. No cambia nada hasta que usted lo confirme.
calendars-again-title = Importar { $name } de nuevo
calendars-again-text = Se añaden los días nuevos y desaparecen los que el archivo ya no tiene. Los días que usted desactivó siguen desactivados.
calendars-file = Archivo de calendario (.ics)
calendars-file-help = UTF-8, 512 KiB como máximo. Los eventos de todo el día cierran sus días; los eventos con hora cierran los días que tocan. Se toman los días desde hace un año hasta dentro de tres.
calendars-look = Ver los días
calendars-other-file = Elegir otro archivo
calendars-preview = Lo que cerraría «{ $name }»
calendars-preview-days = { $count ->
    [one] { $count } entrada.
   *[other] { $count } entradas.
}
calendars-preview-added = { $count ->
    [one] { $count } entrada es nueva
   *[other] { $count } entradas son nuevas
}
calendars-preview-gone = { $count ->
    [one] { $count } entrada desaparece porque el archivo ya no la tiene
   *[other] { $count } entradas desaparecen porque el archivo ya no las tiene
}
calendars-preview-off = { $count ->
    [one] { $count } entrada sigue desactivada
   *[other] { $count } entradas siguen desactivadas
}
calendars-zone = Las horas se leen en la zona { $zone }.
calendars-day = Día
calendars-what = Nombre
calendars-stays-off = sigue desactivado
calendars-is-new = nuevo
calendars-goes = desaparece
calendars-confirm = { $count ->
    [one] Importar { $count } entrada
   *[other] Importar { $count } entradas
}
calendars-unnamed = Cerrado
calendars-of = Calendario de
calendars-imported-by = Importado por { $name }
calendars-again = Importar de nuevo
calendars-switch-help = Un día desactivado es un día normal, y lo sigue siendo cuando se importa el archivo de nuevo.
calendars-off-told = { $count ->
    [one] { $count } entrada está desactivada.
   *[other] { $count } entradas están desactivadas.
}
calendars-off = { $count ->
    [one] { $count } desactivado
   *[other] { $count } desactivados
}
calendars-coming-none = Ningún día por venir.
calendars-past = { $count ->
    [one] { $count } entrada pasada
   *[other] { $count } entradas pasadas
}
calendars-danger = Operaciones peligrosas
calendars-delete = Eliminar el calendario
calendars-delete-help = Sus días vuelven a ser días normales.
calendars-deletion-title = ¿Eliminar { $name }?
calendars-deletion-days = { $count ->
    [0] Ninguna de sus entradas cierra un día ahora.
    [one] { $count } entrada deja de cerrar sus días.
   *[other] { $count } entradas dejan de cerrar sus días.
}
calendars-deletion-audit = El registro de auditoría conserva la lista de sus días.
calendars-saved = Se ha guardado «{ $name }».
calendars-deleted = Se ha eliminado «{ $name }». Sus días vuelven a ser normales.
calendars-imported = Se ha importado «{ $name }». Entradas: { $count }.
calendars-imported-again = Se ha importado «{ $name }» de nuevo. Entradas: { $count }, nuevas: { $added }, desaparecidas: { $removed }, aún desactivadas: { $off }.
audit-object-calendar = Calendario de festivos
audit-action-calendar-imported = Calendario de festivos importado
audit-action-calendar-changed = Calendario de festivos modificado
audit-action-calendar-deleted = Calendario de festivos eliminado
audit-field-closed-days = Días de cierre
error-calendar-file = Elija un archivo .ics que contenga algo
error-calendar-size = El archivo supera los { $max } KiB. Quite los años que no necesite
error-calendar-encoding = El archivo no está en UTF-8. Expórtelo de nuevo o guárdelo en UTF-8
error-calendar-unknown = Esto no es un calendario. Un archivo .ics empieza por BEGIN:VCALENDAR
error-calendar-line = No se puede leer la línea { $line } del archivo
error-calendar-unfinished = El archivo se interrumpe antes del final. Expórtelo de nuevo
error-calendar-date = No se puede leer la fecha, la hora o la duración de la línea { $line }
error-calendar-rule = No se puede leer la repetición de «{ $name }»
error-calendar-often = «{ $name }» se repite más de una vez al día. Los festivos se repiten por días como mucho
error-calendar-endless = Las repeticiones del archivo tardan demasiado en contarse. Póngales un final o quite lo que nunca ocurre
error-calendar-events = El archivo tiene más de { $max } eventos
error-calendar-entries = El archivo cierra más de { $max } veces entre hace un año y dentro de tres. Ponga un final a sus repeticiones
error-calendar-nothing = El archivo no cierra ningún día entre { $from } y { $to }
error-calendar-many = Ya hay { $max } calendarios. Elimine uno antes
error-calendar-changed = Alguien ha cambiado este calendario mientras tanto. Elija el archivo otra vez y vea lo que haría ahora
