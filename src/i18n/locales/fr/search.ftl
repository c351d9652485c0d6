search-title = Recherche
search-do = Rechercher
search-start = Page d’accueil
search-pages = Pages
search-begin-title = Rechercher des opérateurs et des pages
search-begin = Saisissez un nom, un alias, une adresse e-mail ou le titre d’une page.
search-none-title = Aucun résultat pour « { $q } »
search-none = Vérifiez l’orthographe ou utilisez moins de mots.
