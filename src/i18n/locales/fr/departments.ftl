channel-ticket = Tickets
channel-chat = Chats
channel-call = Appels

error-slug = Utilisez des minuscules, des chiffres et des tirets simples, par exemple service-clients
error-translation-of-default = C’est la langue de l’organisation : le nom lui-même en tient lieu
error-fallback-self = Un service ne peut pas se remplacer lui-même. Choisissez-en un autre
error-fallback-circle = Les demandes tourneraient en rond : { $names }. Choisissez un autre service
error-department-full = { $department } est complet : il y a de la place pour { $max } opérateurs. Retirez d’abord quelqu’un ou relevez la limite
error-not-a-member = Cet opérateur ne fait pas partie de { $department }. Ajoutez-le d’abord
error-active-not-allowed = Cet opérateur ne peut pas traiter ce canal dans { $department }. Autorisez-le d’abord

departments-intro = Qui travaille ensemble, sur quels canaux, et qui prend le relais.
departments-add = Ajouter un service
departments-add-another = Enregistrer et en ajouter un autre
departments-search = Rechercher un service
departments-count = { $count ->
    [one] 1 service
   *[other] { $count } services
}
departments-none-title = Pas encore de service
departments-none = Un service est un groupe d’opérateurs qui répondent aux mêmes demandes, comme les ventes ou l’assistance technique. Seuls ses membres les voient et les prennent.
departments-none-found-title = Aucun service trouvé
departments-none-found = Aucun service ne porte ces mots dans son nom.
departments-name = Nom
departments-name-help = Dans la langue de l’organisation. Les clients le voient aussi.
departments-translate = Traduire
departments-translations = Nom dans d’autres langues
departments-slug = Nom court
departments-slug-help = Le nom utilisé par les programmes. Ceux qui emploient l’ancien cessent de fonctionner si vous le changez.
departments-description = Description
departments-description-help = À quoi il sert, pour les collègues.
departments-department = Service
departments-any = Tous les services
departments-reached = Comment les clients le joignent
departments-email = E-mail
departments-email-help = L’adresse à laquelle les clients écrivent. Aucune réponse automatique n’y est jamais envoyée.
departments-phone = Ligne téléphonique
departments-phone-help = Le numéro que les clients appellent. Les membres autorisés aux appels peuvent l’afficher quand ils appellent.
departments-lines = Téléphone et e-mail
departments-channels = Canaux
departments-channels-text = Cochez ce que ce service traite, et à qui les demandes vont d’abord.
departments-no-channels = aucun
departments-no-channels-note = Ce service ne traite aucun canal utilisé par l’organisation. Cochez-en un sous « Service ».
departments-routing = Répartition : { $channel }
departments-offer-seconds = Proposer ({ $channel }) pendant
departments-offer-help = Une demande est proposée à un opérateur pendant ce temps, puis au suivant. Avec 0, elle est attribuée aussitôt. Si tous sonnent en même temps, c’est la durée de la sonnerie.
departments-seconds = secondes
departments-ring-all = Faire sonner tous à la fois
departments-max-utilization = Utilisation maximale : remplir l’un avant le suivant
departments-average-utilization = Utilisation moyenne : la charge la plus faible d’abord
departments-round-robin = À tour de rôle
departments-longest-idle = Le plus longtemps inactif d’abord
departments-language-policy = Langue du visiteur
departments-strict = Seulement les opérateurs qui parlent la langue
departments-strict-help = Personne d’autre n’est sollicité ; la demande attend ou devient un message.
departments-prefer = D’abord les opérateurs qui parlent la langue
departments-prefer-help = Après quelques secondes, les autres sont sollicités aussi.
departments-ignore = La langue est sans importance
departments-ignore-help = Tout le service est sollicité.
departments-prefer-seconds = Solliciter les autres après
departments-prefer-seconds-help = De 1 à 86400. Vaut quand les opérateurs qui parlent la langue passent d’abord.
departments-people = Personnes
departments-minimum-cover = Couverture minimale
departments-minimum-cover-help = Combien devraient pouvoir recevoir à tout moment pendant les horaires. Moins est signalé comme un manque.
departments-max-operators = Opérateurs au plus
departments-max-operators-help = Laissez vide pour la limite de l’organisation ({ $count }). Une limite inférieure au nombre actuel empêche seulement les ajouts.
departments-fallback = Prend le relais
departments-fallback-help = Le service qui prend ce que personne ici ne peut prendre.
departments-no-fallback = Aucun service
departments-danger = Zone dangereuse
departments-delete = Supprimer le service
departments-delete-help = Vous voyez d’abord ce que cela entraîne, et choisissez où vont ses membres.
departments-edit = Modifier { $name }
departments-full = complet
departments-empty = personne
departments-new-text = Un nom suffit. Le reste peut suivre plus tard.
departments-created = { $name } est ajouté. Choisissez qui y travaille.
departments-saved = Les modifications de { $name } sont enregistrées.
departments-deleted = { $name } est supprimé.
departments-sections = Rubriques de ce service
departments-details = Service
departments-members = Membres
departments-priority = Priorité

departments-places = { $count } places sur { $limit } sont prises.
departments-nobody-title = Personne n’y travaille encore
departments-nobody = Les demandes adressées à ce service ne trouvent personne tant que vous n’y ajoutez pas d’opérateurs.
departments-add-people = Ajouter des opérateurs
departments-add-help = Ils peuvent traiter aussitôt tous les canaux du service ; modifiez cela ensuite ci-dessus.
departments-add-chosen = Ajouter les opérateurs choisis
departments-added = { $count ->
    [one] Un opérateur travaille désormais dans { $department }.
   *[other] { $count } opérateurs travaillent désormais dans { $department }.
}
departments-nobody-chosen = Cochez d’abord au moins un opérateur.
departments-everybody = Tout le monde fait déjà partie de ce service.
departments-members-saved = Les réglages des membres sont enregistrés.
departments-left = { $name } ne fait plus partie de ce service.
departments-operator = Opérateur
departments-allowed = Peut traiter
departments-active = Prend en ce moment
departments-allowed-for = { $name } peut traiter : { $channel }
departments-active-for = { $name } prend en ce moment : { $channel }
departments-leave = Retirer { $name } de { $department }
departments-join = Ajouter { $name } à { $department }
departments-cell = { $channel } de { $name } dans { $department }
departments-paused-cell = { $channel } de { $name } dans { $department }, pas pris en ce moment
departments-matrix = Matrice d’affectation
departments-matrix-text = Qui peut traiter quoi. Cliquez sur un canal pour l’autoriser ou l’interdire.
departments-legend-on = peut traiter et prend
departments-legend-paused = peut traiter, mais ne prend pas en ce moment
departments-legend-off = ne peut pas traiter

departments-priority-text = Le plus petit nombre est sollicité d’abord. Il compte ici pour :
departments-priority-unheeded = Aucun canal n’est réparti ici par utilisation maximale ou moyenne : la priorité n’y change rien pour l’instant.
departments-priority-nobody = Dès que des opérateurs y travaillent, leur ordre figure sur cette page.
departments-priority-of = Priorité de { $name }
departments-priority-range = De { $first } à { $last } ; les nombres égaux partagent une place. Le nombre d’un opérateur est le même dans tous les services.
departments-priority-saved = Les priorités sont enregistrées. Voici l’ordre actuel.
departments-place = Rang
departments-load = Chats simultanés

departments-deletion-title = Supprimer { $name } ?
departments-deletion-nobody = Personne n’y travaille.
departments-deletion-members = { $count ->
    [one] Un opérateur y travaille :
   *[other] { $count } opérateurs y travaillent :
}
departments-deletion-only = { $count ->
    [one] L’un d’eux n’est dans aucun autre service et ne prendrait plus rien.
   *[other] { $count } d’entre eux ne sont dans aucun autre service et ne prendraient plus rien.
}
departments-deletion-fallback = Il prend le relais de :
departments-deletion-audit = Le journal d’audit garde son nom. C’est irréversible.
departments-replacement = Déplacer les membres, les relais et les sites vers
departments-replacement-help = Les membres y traitent tous les canaux. C’est refusé s’il n’y a pas de place pour tous.
departments-no-replacement = Nulle part
departments-deletion-sites = Des sites le proposent :
error-open-queries = Il a des demandes ouvertes. Choisissez le service qui les reprend
departments-deletion-queries = { $count ->
    [one] Une demande ouverte passe au service choisi ci-dessous.
   *[other] { $count } demandes ouvertes passent au service choisi ci-dessous.
}
