languages-title = Languages
languages-intro = The languages your team assists in. The first ones are offered first.
languages-add = Add language
languages-language = Language
languages-tag = Language tag
languages-tag-help = Such as es, es-MX or zh-Hant
languages-state = State
languages-operators = Operators
languages-order = Order
languages-actions = Actions
languages-on = On
languages-off = Off
languages-default = Default
languages-up = Move { $name } up
languages-down = Move { $name } down
languages-edit = Edit { $name }
languages-more = More for { $name }
languages-switch-on = Switch on
languages-switch-off = Switch off
languages-make-default = Make default
languages-delete = Delete language
languages-danger = Danger zone
languages-delete-help = Takes it from every operator who assists in it.
languages-new-title = Add a language
languages-new-intro = Choose a known language to fill in the form, or enter any language tag.
languages-known = Known languages
languages-known-help = For a regional form such as Mexican Spanish, enter its tag below.
languages-choose = Choose a language
languages-fill-in = Fill in
languages-name = Name
languages-name-help = In your organisation’s language. Leave empty for the usual name.
languages-native-name = Own name
languages-native-name-help = What its speakers call it. Leave empty for the usual name.
languages-enabled = Switched on
languages-enabled-help = Operators and customers can choose it.
languages-default-help = This is the default language, so it is always on and cannot be deleted. Make another one the default first.
languages-created = The language { $tag } is there.
languages-saved = The language { $tag } is saved.
languages-placed = The language { $tag } has moved.
languages-default-set = { $tag } is now the default language.
languages-deleted = The language { $tag } is deleted.
languages-deletion-title = Delete { $name }?
languages-deletion-assistants = { $count ->
    [one] 1 operator assists in this language and will no longer:
   *[other] { $count } operators assist in this language and will no longer:
}
languages-deletion-all = see all
languages-deletion-nobody = No operator assists in this language.
languages-deletion-only = { $count ->
    [one] For 1 of them it is the only language.
   *[other] For { $count } of them it is the only language.
}
languages-deletion-positions = { $count ->
    [one] 1 job position written in this language is deleted.
   *[other] { $count } job positions written in this language are deleted.
}
languages-deletion-again = You can add the language again later, but not what was taken from operators.
languages-deletion-instead = If you only want to stop offering it for now, switch it off instead.
languages-saved-off = { $tag } is off. These sites still lead to it and pass it over: { $sites }
languages-off-sites = { $count ->
    [one] A site leads to this language. While it is off, the site takes its base language or passes it over:
   *[other] { $count } sites lead to this language. While it is off, they take its base language or pass it over:
}
languages-deletion-sites = { $count ->
    [one] 1 site leads to this language by a rule, a country or as its fixed one:
   *[other] { $count } sites lead to this language by a rule, a country or as their fixed one:
}
languages-deletion-departments = { $count ->
    [one] 1 name of a department written in this language is deleted.
   *[other] { $count } names of departments written in this language are deleted.
}
languages-replacement = Move them to
languages-replacement-help = Operators assist in this language instead, unless they do already, and sites lead to it.
languages-replacement-none = Nothing: take it from them
languages-back = Back to the languages
conflict-language-default = The default language cannot be switched off or deleted. Make another one the default first.
conflict-language-disabled = Only a language that is switched on can be the default one.
conflict-language-in-use = Operators assist in this language or sites lead to it. Say which language takes its place, or that they shall lose it.
