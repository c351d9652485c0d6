categories-title = Categorías
categories-intro = De qué trataban las consultas cerradas. Los operadores eligen una al clasificar una consulta.
categories-add = Añadir categoría
categories-name = Nombre
categories-name-help = En el idioma de la organización, por ejemplo Entrega o Pago.
categories-uses = Consultas
categories-edit = Editar { $name }
categories-empty-title = Todavía no hay categorías
categories-empty = Con unas pocas categorías, los operadores pueden decir tras cada contacto de qué trataba, y usted ve qué se pregunta más.
categories-created = { $name } se ha añadido.
categories-saved = { $name } se ha guardado.
categories-placed = { $name } ha cambiado de sitio.
categories-deleted = { $name } se ha eliminado.
categories-danger = Quitar de la lista
categories-delete = Eliminar categoría
categories-delete-help = Nadie puede elegirla ya.
categories-deletion-title = ¿Eliminar la categoría { $name }?
categories-deletion-uses = { $count ->
    [one] { $count } consulta la pierde y conserva su nota.
   *[other] { $count } consultas la pierden y conservan sus notas.
}
categories-deletion-unused = Ninguna consulta está clasificada en ella.
categories-deletion-log = El registro de auditoría conserva su nombre.
audit-object-category = Categoría
audit-action-category-created = Categoría añadida
audit-action-category-changed = Categoría cambiada
audit-action-category-deleted = Categoría eliminada
