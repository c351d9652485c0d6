languages-title = Idiomas
languages-intro = Los idiomas en los que atiende su equipo. Los primeros se ofrecen antes.
languages-add = Añadir idioma
languages-language = Idioma
languages-tag = Código de idioma
languages-tag-help = Por ejemplo es, es-MX o zh-Hant
languages-state = Estado
languages-operators = Operadores
languages-order = Orden
languages-actions = Acciones
languages-on = Activado
languages-off = Desactivado
languages-default = Predeterminado
languages-up = Subir { $name }
languages-down = Bajar { $name }
languages-edit = Editar { $name }
languages-more = Más acciones para { $name }
languages-switch-on = Activar
languages-switch-off = Desactivar
languages-make-default = Hacer predeterminado
languages-delete = Eliminar el idioma
languages-danger = Zona delicada
languages-delete-help = Se lo quita a todos los operadores que atienden en él.
languages-new-title = Añadir un idioma
languages-new-intro = Elija un idioma conocido para rellenar el formulario o escriba cualquier código de idioma.
languages-known = Idiomas conocidos
languages-known-help = Para una variante regional como el español de México, escriba su código más abajo.
languages-choose = Elegir un idioma
languages-fill-in = Rellenar
languages-name = Nombre
languages-name-help = En el idioma de su organización. Déjelo vacío para usar el nombre habitual.
languages-native-name = Nombre propio
languages-native-name-help = Como lo llaman sus hablantes. Déjelo vacío para usar el nombre habitual.
languages-enabled = Activado
languages-enabled-help = Los operadores y los clientes pueden elegirlo.
languages-default-help = Es el idioma predeterminado, así que siempre está activado y no se puede eliminar. Elija antes otro idioma predeterminado.
languages-created = El idioma { $tag } está añadido.
languages-saved = El idioma { $tag } está guardado.
languages-placed = El idioma { $tag } ha cambiado de lugar.
languages-default-set = { $tag } es ahora el idioma predeterminado.
languages-deleted = El idioma { $tag } está eliminado.
languages-deletion-title = ¿Eliminar { $name }?
languages-deletion-assistants = { $count ->
    [one] { $count } operador atiende en este idioma y dejará de hacerlo:
   *[other] { $count } operadores atienden en este idioma y dejarán de hacerlo:
}
languages-deletion-all = ver todos
languages-deletion-nobody = Ningún operador atiende en este idioma.
languages-deletion-only = { $count ->
    [one] Para { $count } de ellos es el único idioma.
   *[other] Para { $count } de ellos es el único idioma.
}
languages-deletion-positions = { $count ->
    [one] Se elimina { $count } cargo escrito en este idioma.
   *[other] Se eliminan { $count } cargos escritos en este idioma.
}
languages-deletion-again = Podrá añadir el idioma de nuevo, pero no devolver lo que se quitó a los operadores.
languages-deletion-instead = Si solo quiere dejar de ofrecerlo por ahora, desactívelo.
languages-saved-off = { $tag } está desactivado. Estos sitios aún llevan a él y pasan a lo siguiente: { $sites }
languages-off-sites = { $count ->
    [one] Un sitio lleva a este idioma. Mientras esté desactivado, toma su idioma base o pasa a lo siguiente:
   *[other] { $count } sitios llevan a este idioma. Mientras esté desactivado, toman su idioma base o pasan a lo siguiente:
}
languages-deletion-sites = { $count ->
    [one] { $count } sitio lleva a este idioma por una regla, un país o como idioma fijo:
   *[other] { $count } sitios llevan a este idioma por una regla, un país o como idioma fijo:
}
languages-deletion-departments = { $count ->
    [one] Se elimina { $count } nombre de departamento escrito en este idioma.
   *[other] Se eliminan { $count } nombres de departamentos escritos en este idioma.
}
languages-replacement = Pasarlos a
languages-replacement-help = Los operadores atenderán en este idioma en su lugar, si no lo hacen ya, y los sitios llevarán a él.
languages-replacement-none = Nada: quitárselo
languages-back = Volver a los idiomas
conflict-language-default = El idioma predeterminado no se puede desactivar ni eliminar. Elija antes otro idioma predeterminado.
conflict-language-disabled = Solo un idioma activado puede ser el predeterminado.
conflict-language-in-use = Hay operadores que atienden en este idioma o sitios que llevan a él. Indique qué idioma lo sustituye o que deben perderlo.
