operators-add = Añadir operador
operators-search = Buscar por nombre, alias o correo
operators-count = { $count ->
    [one] 1 operador
   *[other] { $count } operadores
}
operators-any-role = Cualquier rol
operators-any-language = Cualquier idioma
operators-any-state = Cualquier estado
operators-name-column = Nombre
operators-created = Añadido
operators-last-sign-in = Último acceso
operators-never = nunca
operators-edit = Editar { $name }
operators-none-title = Aún no hay operadores
operators-none = Los operadores son las personas que responden a los clientes. Añada la primera: recibirá un correo con un enlace para crear su contraseña.
operators-none-found-title = No se ha encontrado a nadie
operators-none-found = Nadie cumple a la vez la búsqueda y los filtros.

operators-state = Estado
operators-state-invited = Invitado
operators-state-expired = Invitación caducada
operators-state-delivery-failed = Correo no entregado
operators-state-active = Activo
operators-state-suspended = Suspendido

operators-sections = Secciones de este operador
operators-profile = Perfil
operators-languages = Idiomas
operators-advanced = Avanzado
operators-applications = Aplicaciones
operators-history = Historial

operators-new-text = Por ahora solo hace falta esto. Lo demás puede venir después.
operators-person = Persona
operators-account = Cuenta
operators-region = Hora e idioma
operators-name = Nombre completo
operators-name-help = Tal como lo conocen sus compañeros.
operators-alias = Alias
operators-alias-help = Los clientes ven este nombre en lugar del completo.
operators-email = Correo
operators-email-help = Para iniciar sesión y recibir los mensajes de Onduty.
operators-current-password = Su contraseña
operators-current-password-help = Solo para cambiar el correo: la escribió hace más de cinco minutos. Si no, déjelo vacío.
operators-notification-email = Correo personal para avisos
operators-notification-email-help = Para los avisos fuera del trabajo. Debe ser distinto del correo de acceso.
operators-role = Rol
operators-role-help = El rol decide qué puede ver y hacer. Solo puede dar los permisos que usted tiene.
operators-phone = Teléfono
operators-phone-help = Con el prefijo del país, por ejemplo +33 1 99 00 12 34.
operators-time-zone = Zona horaria
operators-as-organisation = Como la organización ({ $value })
operators-locale = Idioma de la interfaz
operators-as-browser = El que pida el navegador
operators-way-in = Primer acceso
operators-way-in-text = Recibirá un correo con un enlace para crear su contraseña. El enlace es válido durante { $validity }.
operators-days = { $count ->
    [one] 1 día
   *[other] { $count } días
}
operators-hours = { $count ->
    [one] 1 hora
   *[other] { $count } horas
}
operators-initial-password-open = Poner mejor una contraseña inicial
operators-initial-password-text = En ese caso no se envía ningún correo. Entregue usted la contraseña; habrá que cambiarla al iniciar sesión por primera vez.
operators-initial-password = Contraseña inicial
operators-initial-password-help = { $count ->
    [one] Al menos 1 carácter.
   *[other] Al menos { $count } caracteres.
}
operators-initial-password-again = Contraseña inicial otra vez
operators-save-new = Añadir operador
operators-save-another = Guardar y añadir otro
operators-invited = Se ha añadido a { $name }. La invitación a { $email } está en camino.
operators-added = Se ha añadido a { $name }, que ya puede iniciar sesión con la contraseña inicial.
operators-saved = Los cambios de { $name } se han guardado.
operators-unsaved = Cambios sin guardar

operators-job-position = Puesto
operators-job-position-help = En el idioma de la organización: { $language }.
operators-translate = Traducir
operators-missing = falta
operators-untranslated = Falta el puesto en: { $languages }. Los clientes que usan esos idiomas no ven ningún puesto.
operators-untranslated-link = Traducirlo
operators-photo = Foto
operators-photo-trust = Una foto real inspira más confianza que un dibujo o una inicial.
operators-photo-own = Su propia imagen
operators-photo-help = PNG, JPEG o WebP, 2 MB como máximo. Se recorta en un cuadrado.
operators-photo-remove = Quitar la foto subida
operators-preset = Imagen predefinida
operators-preset-legend = O una imagen predefinida
operators-preset-none = Sin imagen, solo la inicial
operators-preset-bear = Oso
operators-preset-bee = Abeja
operators-preset-bun = Persona con moño
operators-preset-cactus = Cactus
operators-preset-cat = Gato
operators-preset-curls = Persona con rizos
operators-preset-fox = Zorro
operators-preset-frog = Rana
operators-preset-leaf = Hoja
operators-preset-mushroom = Seta
operators-preset-owl = Búho
operators-preset-panda = Panda
operators-preset-penguin = Pingüino
operators-preset-rabbit = Conejo
operators-preset-sunflower = Girasol
operators-preset-whale = Ballena
operators-fixed = Lo decide su organización
operators-fixed-text = Su rol no le permite cambiar estos datos. Pídaselo a un administrador.

operators-lower-title = Va a perder permisos
operators-lower-text = Está cambiando su propio rol a { $role }.
operators-lower-lost = Perderá permisos que tiene ahora y no podrá devolvérselos.
operators-lower-out = Se cerrará su sesión en todas partes y volverá a entrar con el nuevo rol.
operators-lower-do = Cambiar mi rol

operators-language = Idioma
operators-languages-title = Idiomas de atención
operators-languages-text = Los idiomas en los que se atiende a los clientes, el mejor primero. A quien pide es-MX le atiende es-MX o, si no, es.
operators-languages-none-title = La organización aún no tiene idiomas
operators-languages-none = Antes un administrador tiene que activar idiomas.
operators-languages-pick = Atiende en este idioma
operators-languages-place = Orden
operators-languages-saved = Los idiomas de { $name } se han guardado.
operators-language-up = Subir { $language }
operators-language-down = Bajar { $language }
operators-language-off = desactivado

operators-advanced-note = Onduty guarda estos valores. Sus sistemas de chat y de telefonía los leen por la API JSON y actúan según ellos.
operators-theme = Tema
operators-theme-help = El aspecto de Onduty para este operador.
operators-theme-system = Como el sistema
operators-theme-bright = Claro
operators-theme-dark = Oscuro
operators-capacity = Capacidad y orden
operators-max-chat-load = Chats a la vez
operators-max-chat-load-help = 0 significa ninguno. Déjelo vacío para no poner límite.
operators-chats-unit = chats
operators-no-limit = sin límite
operators-priority = Prioridad
operators-priority-help = El número más bajo va primero, donde un sistema siga la prioridad.
operators-waiting = Cambio automático de estado
operators-no-answer-minutes = Desconectado sin respuesta
operators-no-answer-minutes-help = Cuando un mensaje nuevo espera respuesta todo este tiempo. Déjelo vacío para nunca.
operators-idle-minutes = No disponible sin actividad
operators-idle-minutes-help = Tras estos minutos sin actividad en el panel se pone el estado previsto para un panel perdido; la siguiente actividad devuelve el anterior. Déjelo vacío para nunca.
operators-minutes-unit = minutos
operators-wishes = Formas de trabajar
operators-help-when-invisible = Ayudar mientras está invisible
operators-help-when-invisible-help = Interviene cuando un cliente ha esperado demasiado.
operators-presence-required = Hace falta un panel abierto para recibir
operators-presence-required-help = Quien recibe se desconecta automáticamente tras el tiempo de los ajustes sin un panel abierto. Desactívelo para los teléfonos de mesa, que siempre están ahí.
operators-classify-after = Pedir que se clasifique cada contacto al terminar
operators-classify-after-help = Pide una categoría y una nota.
operators-do-not-disturb = No molestar
operators-may-change-departments = Puede cambiar sus propios departamentos
operators-to-solve-only = Responde solo mediante «Por resolver»
operators-yes = sí
operators-no = no

operators-devices-title = Dónde está abierta esta cuenta
operators-devices-own = Cierre lo que no reconozca y después cambie su contraseña.
operators-devices-text = Los navegadores en los que { $name } tiene ahora una sesión abierta.
operators-devices-none-title = Ninguna sesión abierta
operators-devices-none = Aquí aparece un navegador en cuanto alguien inicia sesión con esta cuenta.
operators-device-column = Navegador
operators-device = { $browser } en { $system }
operators-device-unknown = Navegador desconocido
operators-this-device = este
operators-address = Dirección
operators-signed-in = Inicio de sesión
operators-last-used = Último uso
operators-end-session = Cerrar sesión
operators-end-session-of = Cerrar la sesión de { $device }
operators-end-all-title = Cerrar sesión en todas partes
operators-end-all-own = Los demás navegadores tendrán que iniciar sesión de nuevo. Aquí su sesión sigue abierta.
operators-end-all-text = Todos los navegadores de este operador tendrán que iniciar sesión de nuevo.
operators-end-all = Cerrar sesión en todas partes
operators-session-ended = Se ha cerrado esa sesión de { $name }.
operators-sessions-ended = Se han cerrado las demás sesiones de { $name }.

operators-history-title = Lo que se ha hecho en esta cuenta
operators-history-none-title = Nada todavía
operators-history-none = Aquí figura cada cambio de esta cuenta, con los valores de antes y de después.
operators-did-created = añadió la cuenta
operators-did-changed = cambió la cuenta
operators-did-photo-changed = cambió la foto
operators-did-suspended = suspendió la cuenta
operators-did-reactivated = reactivó la cuenta
operators-did-deleted = eliminó la cuenta
operators-did-restored = restauró la cuenta
operators-did-invited = envió una invitación
operators-did-invitation-link = creó un enlace de invitación
operators-did-invitation-revoked = revocó la invitación
operators-did-invitation-accepted = aceptó la invitación
operators-did-password-changed = cambió la contraseña
operators-did-session-opened = inició sesión
operators-did-session-ended = cerró la sesión de la cuenta

operators-deeds = Acciones
operators-invite-again = Reenviar la invitación
operators-invited-again = Una nueva invitación a { $email } está en camino. El enlace anterior ya no vale.
operators-copy-link = Copiar el enlace
operators-copy-link-help = Un enlace nuevo para entregarlo usted. El enlace anterior ya no vale.
operators-revoke = Revocar la invitación
operators-revoked = La invitación a { $email } está revocada. Su enlace ya no funciona.
operators-suspend = Suspender
operators-suspend-help = Cierra sus sesiones y le impide entrar hasta que reactive la cuenta.
operators-suspended = Suspendido
operators-now-suspended = { $name } está suspendido y sin sesiones abiertas.
operators-reactivate = Reactivar
operators-now-reactivated = { $name } está reactivado.
operators-delivery-failed = La invitación no se pudo entregar.
operators-delivery-failed-text = Compruebe la dirección y reenvíe la invitación. El servidor de correo respondió:
operators-link-title = Enlace de invitación
operators-link = Enlace
operators-link-text = Dé este enlace a { $name }. Lleva a la página donde se crea la contraseña.
operators-link-once = El enlace se muestra solo ahora. Si lo pierde, cree uno nuevo.
operators-link-copy = Copiar
operators-link-copied = Copiado
operators-link-copy-failed = Pulse Ctrl+C para copiar el enlace seleccionado.
operators-link-done = Listo

operators-delete-ask = Eliminar…
operators-delete-title = ¿Eliminar a { $name }?
operators-delete-text = Esto es lo que ocurre:
operators-delete-sessions = { $count ->
    [0] Ya no podrá iniciar sesión. Ahora no tiene ninguna sesión abierta.
    [one] Se cierra su sesión en 1 navegador y ya no podrá iniciar sesión.
   *[other] Se cierra su sesión en { $count } navegadores y ya no podrá iniciar sesión.
}
operators-delete-invitation = El enlace de su invitación deja de funcionar.
operators-delete-email = { $email } queda libre para otro operador.
operators-delete-audit = El registro de auditoría conserva su nombre.
operators-delete-undo = Puede deshacerlo durante 30 días.
operators-delete-do = Eliminar operador
operators-deleted-title = Se ha eliminado a { $name }
operators-deleted-since = Eliminado
operators-deleted-until = Puede deshacerlo hasta el
operators-restore = Deshacer la eliminación
operators-restored = { $name } está de vuelta. Si nunca aceptó una invitación, envíele una nueva.
operators-to-list = Ir a la lista de operadores
operators-did-departments-changed = cambió los departamentos
operators-taken-channels = Canales que toma ahora
operators-departments = Departamentos
operators-signatures = Firmas

operators-departments-title = Dónde trabaja y qué toma
operators-departments-text = «Puede atender» lo decide el administrador; «Toma ahora», el operador. Solo ambos juntos dejan pasar consultas.
operators-no-departments-title = Todavía en ningún departamento
operators-no-departments = Sin departamento no se puede tomar nada. Pida a un administrador que añada uno.
operators-in-it = Dentro
operators-departments-saved = Los departamentos de { $name } están guardados.
operators-departments-options = Opciones
operators-may-change-departments-help = Puede entrar y salir de departamentos y elegir qué atiende allí.
operators-to-solve-only-help = Recibe los tickets uno tras otro y no puede elegir en la lista.
operators-save-options = Guardar opciones
operators-caller-ids = Números desde los que llamar
operators-caller-ids-help = Lo que se puede mostrar a quien llame: su propio número y los de los departamentos donde puede atender llamadas.
operators-caller-id-own = Número propio

operators-signatures-general = Firma general
operators-signatures-text = Aparece donde una plantilla contiene {"{"}$agentSignature{"}"} y el departamento no tiene firma propia.
operators-signature = Firma
operators-signature-help = Texto sin formato, 2.000 caracteres como máximo.
operators-signature-html = Firma HTML
operators-signature-html-help = Para programas que envían HTML. Los scripts, estilos y marcos se quitan al guardar.
operators-signature-looks = Aspecto de la firma HTML
operators-no-signature = Todavía no hay firma.
operators-signatures-departments = Firmas por departamento
operators-signatures-departments-text = Deje una vacía para usar allí la firma general.
operators-save-signatures = Guardar firmas
operators-signatures-saved = Las firmas de { $name } están guardadas.
operators-delete-alone = Nadie más trabaja en: { $departments }. Las consultas a estos departamentos no encontrarán a nadie.
operators-restored-without = { $name } ha vuelto, pero ya no está en { $departments }, que se completó entretanto.
operators-status = Estado actual
operators-any-status = Cualquier estado
operators-status-switch = Cambiar el estado
operators-status-since = desde el
operators-status-until = hasta el
operators-status-for = Durante
operators-status-for-ever = Hasta el próximo cambio
operators-status-minutes = { $count ->
    [one] 1 minuto
   *[other] { $count } minutos
}
operators-status-hours = { $count ->
    [one] 1 hora
   *[other] { $count } horas
}
operators-status-switched = Nuevo estado de { $name }: { $status }.
operators-delete-queries = { $count ->
    [one] Una consulta abierta pasa a quien elija abajo.
   *[other] { $count } consultas abiertas pasan a quien elija abajo.
}
operators-heir = Quién hereda las consultas abiertas
operators-heir-help = Si esa persona no puede atenderlas ahora, pasan al departamento.
operators-heir-none = Sus departamentos
operators-programs-title = Teléfonos y programas
operators-programs-text = Indican por la API que el operador está presente. Tras un silencio más largo que el plazo de los ajustes, dejan de contar.
operators-program = Programa
operators-program-since = Presente desde
operators-program-heard = Última señal
operators-program-here = Cuenta ahora
operators-contact = Página de contacto
operators-contact-text = Los clientes que llegan por este enlace escriben a { $name }, en sus idiomas de atención. Los demás escriben al departamento.
