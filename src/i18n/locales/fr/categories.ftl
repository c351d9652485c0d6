categories-title = Catégories
categories-intro = Ce dont parlaient les demandes closes. Les opérateurs en choisissent une quand ils classent une demande.
categories-add = Ajouter une catégorie
categories-name = Nom
categories-name-help = Dans la langue de l’organisation, par exemple Livraison ou Paiement.
categories-uses = Demandes
categories-edit = Modifier { $name }
categories-empty-title = Aucune catégorie pour l’instant
categories-empty = Avec quelques catégories, les opérateurs peuvent dire après chaque contact de quoi il s’agissait, et vous voyez ce que l’on demande le plus.
categories-created = { $name } est ajoutée.
categories-saved = { $name } est enregistrée.
categories-placed = { $name } a changé de place.
categories-deleted = { $name } est supprimée.
categories-danger = Retirer de la liste
categories-delete = Supprimer la catégorie
categories-delete-help = Plus personne ne peut la choisir.
categories-deletion-title = Supprimer la catégorie { $name } ?
categories-deletion-uses = { $count ->
    [one] { $count } demande la perd et garde sa remarque.
   *[other] { $count } demandes la perdent et gardent leurs remarques.
}
categories-deletion-unused = Aucune demande n’y est classée.
categories-deletion-log = Le journal d’audit garde son nom.
audit-object-category = Catégorie
audit-action-category-created = Catégorie ajoutée
audit-action-category-changed = Catégorie modifiée
audit-action-category-deleted = Catégorie supprimée
