search-title = Búsqueda
search-do = Buscar
search-start = Página de inicio
search-pages = Páginas
search-begin-title = Buscar operadores y páginas
search-begin = Escriba un nombre, un alias, un correo o el título de una página.
search-none-title = No hay resultados para «{ $q }»
search-none = Revise la ortografía o use menos palabras.
