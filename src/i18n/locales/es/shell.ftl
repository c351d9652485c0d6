shell-skip = Ir al contenido
shell-menu = Menú
shell-navigation = Principal
shell-search = Buscar
shell-search-help = Buscar operadores, departamentos, sitios y páginas
shell-account = Su cuenta
shell-profile = Su perfil
shell-password = Cambiar la contraseña
shell-sessions = Dónde ha iniciado sesión
shell-sign-out = Cerrar sesión
shell-breadcrumb = Está aquí
shell-dismiss = Cerrar
shell-failed = No ha funcionado. Inténtelo de nuevo.
# {count} is filled in by a script, not by Fluent.
shell-palette-found = {"{"}count{"}"} resultados
shell-palette-failed = La búsqueda no ha respondido. Inténtelo de nuevo.
shell-palette-results = Resultados
shell-palette-move = para moverse
shell-palette-open = para abrir
nav-people = Equipo
nav-settings = Ajustes
nav-operators = Operadores
nav-roles = Roles
nav-languages = Idiomas
nav-organisation = Organización
nav-templates = Plantillas de correo
nav-mail = Correo
nav-auto-replies = Respuestas automáticas
nav-api-keys = Claves de API
nav-audit = Registro de auditoría
role-owner = Propietario
role-admin = Administrador
role-supervisor = Supervisor
role-agent = Agente
form-errors = { $count ->
    [one] Una respuesta necesita revisión
   *[other] { $count } respuestas necesitan revisión
}
form-required = campo obligatorio
form-show-password = Mostrar la contraseña
form-save = Guardar cambios
form-cancel = Cancelar
error-page-home = Ir al inicio
error-page-reference = Referencia
error-page-400-title = No se ha podido leer esta solicitud
error-page-400 = La solicitud está mal formada. Vuelva atrás e inténtelo de nuevo.
error-page-403-title = No puede hacer esto
error-page-403 = A su rol le falta el permiso { $right }. Pídaselo a un administrador si lo necesita.
error-page-404-title = Esta página no existe
error-page-404 = Puede que se haya eliminado o que la dirección tenga una errata.
error-page-409 = Ha cambiado desde que lo abrió. Ábralo de nuevo y repita su cambio.
error-page-conflict-title = Ahora no se puede hacer
error-page-413-title = Es demasiado grande
error-page-413 = Lo enviado es mayor de lo que se admite aquí. Acorte el texto o elija un archivo más pequeño y envíelo de nuevo.
error-page-429-title = Demasiados intentos
error-page-429 = { $count ->
    [one] Espere un minuto e inténtelo de nuevo.
   *[other] Espere { $count } minutos e inténtelo de nuevo.
}
error-page-500-title = Algo ha fallado por nuestra parte
error-page-500 = No se ha cambiado nada. Inténtelo de nuevo; si vuelve a ocurrir, comunique la referencia de abajo a quien administra este servidor.
error-page-503-title = Onduty no puede responder ahora
error-page-503 = La base de datos no responde o ya no tiene espacio. No se ha cambiado nada. Inténtelo de nuevo en un momento.
error-page-forged-title = Este formulario ya no es válido
error-page-forged = Puede que haya iniciado o cerrado sesión en otra pestaña desde que lo abrió. Vuelva atrás, recargue la página y envíelo otra vez.
nav-departments = Departamentos
nav-availability = Disponibilidad
nav-statuses = Estados
shell-status = Su estado: { $name }
nav-panel = Panel
nav-explain = Explicar
