languages-title = Langues
languages-intro = Les langues dans lesquelles votre équipe répond. Les premières sont proposées en premier.
languages-add = Ajouter une langue
languages-language = Langue
languages-tag = Code de langue
languages-tag-help = Par exemple es, es-MX ou zh-Hant
languages-state = État
languages-operators = Opérateurs
languages-order = Ordre
languages-actions = Actions
languages-on = Activée
languages-off = Désactivée
languages-default = Par défaut
languages-up = Monter { $name }
languages-down = Descendre { $name }
languages-edit = Modifier { $name }
languages-more = Plus d’actions pour { $name }
languages-switch-on = Activer
languages-switch-off = Désactiver
languages-make-default = Choisir par défaut
languages-delete = Supprimer la langue
languages-danger = Zone sensible
languages-delete-help = La retire à tous les opérateurs qui répondent dans cette langue.
languages-new-title = Ajouter une langue
languages-new-intro = Choisissez une langue connue pour remplir le formulaire, ou saisissez un code de langue.
languages-known = Langues connues
languages-known-help = Pour une variante régionale comme l’espagnol du Mexique, saisissez son code ci-dessous.
languages-choose = Choisir une langue
languages-fill-in = Remplir
languages-name = Nom
languages-name-help = Dans la langue de votre organisation. Laissez vide pour le nom habituel.
languages-native-name = Nom dans la langue
languages-native-name-help = Le nom que lui donnent ses locuteurs. Laissez vide pour le nom habituel.
languages-enabled = Activée
languages-enabled-help = Les opérateurs et les clients peuvent la choisir.
languages-default-help = C’est la langue par défaut : elle est toujours activée et ne peut pas être supprimée. Choisissez d’abord une autre langue par défaut.
languages-created = La langue { $tag } est ajoutée.
languages-saved = La langue { $tag } est enregistrée.
languages-placed = La langue { $tag } a été déplacée.
languages-default-set = { $tag } est désormais la langue par défaut.
languages-deleted = La langue { $tag } est supprimée.
languages-deletion-title = Supprimer { $name } ?
languages-deletion-assistants = { $count ->
    [one] { $count } opérateur répond dans cette langue et ne le fera plus :
   *[other] { $count } opérateurs répondent dans cette langue et ne le feront plus :
}
languages-deletion-all = voir tout
languages-deletion-nobody = Aucun opérateur ne répond dans cette langue.
languages-deletion-only = { $count ->
    [one] Pour { $count } d’entre eux, c’est la seule langue.
   *[other] Pour { $count } d’entre eux, c’est la seule langue.
}
languages-deletion-positions = { $count ->
    [one] { $count } fonction rédigée dans cette langue est supprimée.
   *[other] { $count } fonctions rédigées dans cette langue sont supprimées.
}
languages-deletion-again = Vous pourrez ajouter la langue de nouveau, mais pas rendre aux opérateurs ce qui leur a été retiré.
languages-deletion-instead = Pour ne plus la proposer pendant un temps, désactivez-la plutôt.
languages-saved-off = { $tag } est désactivée. Ces sites y mènent encore et passent à la suite : { $sites }
languages-off-sites = { $count ->
    [one] Un site mène à cette langue. Tant qu’elle est désactivée, il prend sa langue de base ou passe à la suite :
   *[other] { $count } sites mènent à cette langue. Tant qu’elle est désactivée, ils prennent sa langue de base ou passent à la suite :
}
languages-deletion-sites = { $count ->
    [one] { $count } site mène à cette langue par une règle, un pays ou comme langue fixe :
   *[other] { $count } sites mènent à cette langue par une règle, un pays ou comme langue fixe :
}
languages-deletion-departments = { $count ->
    [one] { $count } nom de service rédigé dans cette langue est supprimé.
   *[other] { $count } noms de services rédigés dans cette langue sont supprimés.
}
languages-replacement = Les passer à
languages-replacement-help = Les opérateurs répondront dans cette langue à la place, s’ils ne le font pas déjà, et les sites y mèneront.
languages-replacement-none = Rien : la leur retirer
languages-back = Retour aux langues
conflict-language-default = La langue par défaut ne peut être ni désactivée ni supprimée. Choisissez d’abord une autre langue par défaut.
conflict-language-disabled = Seule une langue activée peut être la langue par défaut.
conflict-language-in-use = Des opérateurs répondent dans cette langue ou des sites y mènent. Indiquez la langue qui la remplace, ou qu’elle doit leur être retirée.
