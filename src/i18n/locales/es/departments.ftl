channel-ticket = Tickets
channel-chat = Chats
channel-call = Llamadas

error-slug = Use minúsculas, cifras y guiones sencillos, por ejemplo atencion-al-cliente
error-translation-of-default = Es el idioma de la organización: lo representa el propio nombre
error-fallback-self = Un departamento no puede sustituirse a sí mismo. Elija otro
error-fallback-circle = Las consultas darían vueltas: { $names }. Elija otro departamento
error-department-full = { $department } está completo: tiene sitio para { $max } operadores. Saque antes a alguien o suba el límite
error-not-a-member = Este operador no está en { $department }. Añádalo primero
error-active-not-allowed = Este operador no puede atender ese canal en { $department }. Permítalo primero

departments-intro = Quién trabaja junto, en qué canales y quién toma el relevo.
departments-add = Añadir departamento
departments-add-another = Guardar y añadir otro
departments-search = Buscar departamentos
departments-count = { $count ->
    [one] 1 departamento
   *[other] { $count } departamentos
}
departments-none-title = Todavía no hay departamentos
departments-none = Un departamento es un grupo de operadores que atienden las mismas consultas, como ventas o soporte técnico. Solo sus miembros las ven y las toman.
departments-none-found-title = Ningún departamento encontrado
departments-none-found = Ningún departamento lleva estas palabras en su nombre.
departments-name = Nombre
departments-name-help = En el idioma de la organización. Los clientes también lo ven.
departments-translate = Traducir
departments-translations = Nombre en otros idiomas
departments-slug = Nombre corto
departments-slug-help = Cómo la llaman los programas. Los que usan el anterior dejan de funcionar si lo cambia.
departments-description = Descripción
departments-description-help = Para qué sirve, para los compañeros.
departments-department = Departamento
departments-any = Cualquier departamento
departments-reached = Cómo llegan los clientes
departments-email = Correo electrónico
departments-email-help = La dirección a la que escriben los clientes. Nunca se le envía una respuesta automática.
departments-phone = Línea telefónica
departments-phone-help = El número al que llaman los clientes. Los miembros que atienden llamadas pueden mostrarlo al llamar.
departments-lines = Teléfono y correo
departments-channels = Canales
departments-channels-text = Marque lo que atiende este departamento y a quién van primero las consultas.
departments-no-channels = ninguno
departments-no-channels-note = Este departamento no atiende ningún canal que use la organización. Marque uno en «Departamento».
departments-routing = Reparto: { $channel }
departments-offer-seconds = Ofrecer ({ $channel }) durante
departments-offer-help = Una consulta se ofrece a un operador durante este tiempo y luego al siguiente. Con 0 se asigna al instante. Si suenan todos a la vez, es cuánto suenan.
departments-seconds = segundos
departments-ring-all = Sonar en todos a la vez
departments-max-utilization = Utilización máxima: llenar uno antes del siguiente
departments-average-utilization = Utilización media: primero la menor carga
departments-round-robin = Por turnos
departments-longest-idle = Primero quien lleva más tiempo libre
departments-language-policy = Idioma del visitante
departments-strict = Solo operadores con el idioma
departments-strict-help = Nunca se pide a nadie sin él; la consulta espera o se convierte en mensaje.
departments-prefer = Primero operadores con el idioma
departments-prefer-help = Tras unos segundos se pide también a los demás.
departments-ignore = El idioma no importa
departments-ignore-help = Se pide a cualquiera del departamento.
departments-prefer-seconds = Pedir a los demás tras
departments-prefer-seconds-help = De 1 a 86400. Vale cuando los operadores con el idioma van primero.
departments-people = Personas
departments-minimum-cover = Cobertura mínima
departments-minimum-cover-help = Cuántos deberían poder recibir en todo momento dentro del horario. Menos se señala como un hueco.
departments-max-operators = Operadores como máximo
departments-max-operators-help = Déjelo vacío para el límite de la organización ({ $count }). Un límite inferior al número actual solo impide añadir.
departments-fallback = Toma el relevo
departments-fallback-help = El departamento que toma lo que aquí nadie puede.
departments-no-fallback = Ningún departamento
departments-danger = Zona de peligro
departments-delete = Eliminar departamento
departments-delete-help = Primero verá lo que implica y elegirá adónde van sus miembros.
departments-edit = Editar { $name }
departments-full = completo
departments-empty = nadie
departments-new-text = Basta un nombre. Lo demás puede venir después.
departments-created = { $name } está añadido. Elija quién trabaja en él.
departments-saved = Los cambios de { $name } están guardados.
departments-deleted = { $name } está eliminado.
departments-sections = Secciones de este departamento
departments-details = Departamento
departments-members = Miembros
departments-priority = Prioridad

departments-places = { $count } de { $limit } plazas están ocupadas.
departments-nobody-title = Todavía no trabaja nadie aquí
departments-nobody = Las consultas a este departamento no encuentran a nadie hasta que añada operadores.
departments-add-people = Añadir operadores
departments-add-help = Podrán atender enseguida todos los canales del departamento; cámbielo después arriba.
departments-add-chosen = Añadir los elegidos
departments-added = { $count ->
    [one] Un operador trabaja ahora en { $department }.
   *[other] { $count } operadores trabajan ahora en { $department }.
}
departments-nobody-chosen = Marque antes al menos un operador.
departments-everybody = Todos están ya en este departamento.
departments-members-saved = Los interruptores de los miembros están guardados.
departments-left = { $name } ya no está en este departamento.
departments-operator = Operador
departments-allowed = Puede atender
departments-active = Toma ahora
departments-allowed-for = { $name } puede atender: { $channel }
departments-active-for = { $name } toma ahora: { $channel }
departments-leave = Sacar a { $name } de { $department }
departments-join = Añadir a { $name } a { $department }
departments-cell = { $channel } de { $name } en { $department }
departments-paused-cell = { $channel } de { $name } en { $department }, no los toma ahora
departments-matrix = Matriz de asignación
departments-matrix-text = Quién puede atender qué. Pulse un canal para permitirlo o prohibirlo.
departments-legend-on = puede atender y toma
departments-legend-paused = puede atender, pero ahora no toma
departments-legend-off = no puede atender

departments-priority-text = Primero se pide al número más bajo. Aquí cuenta para:
departments-priority-unheeded = Aquí ningún canal se reparte por utilización máxima o media, así que la prioridad no cambia nada por ahora.
departments-priority-nobody = Cuando trabajen operadores aquí, su orden estará en esta página.
departments-priority-of = Prioridad de { $name }
departments-priority-range = De { $first } a { $last }; los números iguales comparten plaza. El número de un operador es el mismo en todos los departamentos.
departments-priority-saved = Las prioridades están guardadas. Este es el orden actual.
departments-place = Puesto
departments-load = Chats a la vez

departments-deletion-title = ¿Eliminar { $name }?
departments-deletion-nobody = No trabaja nadie en él.
departments-deletion-members = { $count ->
    [one] Trabaja en él un operador:
   *[other] Trabajan en él { $count } operadores:
}
departments-deletion-only = { $count ->
    [one] Uno de ellos no está en otro departamento y ya no tomaría nada.
   *[other] { $count } de ellos no están en otro departamento y ya no tomarían nada.
}
departments-deletion-fallback = Toma el relevo de:
departments-deletion-audit = El registro de auditoría conserva su nombre. No se puede deshacer.
departments-replacement = Pasar miembros, relevos y sitios a
departments-replacement-help = Los miembros atienden allí todos los canales. Se rechaza si no hay sitio para todos.
departments-no-replacement = A ninguna parte
departments-deletion-sites = Lo ofrecen los sitios:
error-open-queries = Tiene consultas abiertas. Elija el departamento que se queda con ellas
departments-deletion-queries = { $count ->
    [one] Una consulta abierta pasa al departamento que elija abajo.
   *[other] { $count } consultas abiertas pasan al departamento que elija abajo.
}
