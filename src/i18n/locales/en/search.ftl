search-title = Search
search-do = Search
search-start = Start page
search-pages = Pages
search-begin-title = Search operators and pages
search-begin = Enter a name, an alias, an e-mail address or the title of a page.
search-none-title = Nothing found for “{ $q }”
search-none = Check the spelling, or use fewer words.
