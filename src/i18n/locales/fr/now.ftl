nav-now = Maintenant
nav-on-duty = En service
now-title = En service maintenant
now-at = { $at } ({ $zone })
now-mine = Votre propre situation
now-since = depuis
now-caption = Combien reçoivent maintenant, parmi ceux qui peuvent travailler sur le canal
now-department = Service
now-of = sur
now-why = Pourquoi : { $channel }, { $department }
now-not-worked = canal non utilisé ici
now-open = ouvert à toute heure
now-open-until = ouvert { $until }
now-closed = fermé
now-closed-until = fermé { $until }
now-nobody = personne ne reçoit
now-nobody-may = aucun membre ne peut y travailler
now-below = { $count ->
    [one] moins de { $count }
   *[other] moins de { $count }
}
now-no-departments-title = Pas encore de service
now-no-departments = Les services réunissent opérateurs et canaux. Dès qu’il y en a un, vous voyez ici qui peut recevoir quoi à cette minute.
now-not-yours-title = Vous n’appartenez encore à aucun service
now-not-yours = Dès que quelqu’un vous y ajoute, vous voyez ici qui y travaille maintenant.
now-more-rows = { $count ->
    [one] { $count } autre service n’est pas affiché.
   *[other] { $count } autres services ne sont pas affichés.
}
now-all-departments = Tous les services
now-more-departments = { $count ->
    [one] { $count } autre service est à traiter
   *[other] { $count } autres services sont à traiter
}
now-more-people = { $count ->
    [one] et { $count } autre
   *[other] et { $count } autres
}
now-coming = Prochains changements
now-coming-none = Rien ne change de soi-même dans les huit prochaines heures.
now-begins = Début des heures
now-ends = Fin des heures
now-becomes = Le statut devient { $name }
now-statuses = Opérateurs par statut
now-statuses-none = Il n’y a encore personne.
now-all-wearers = { $count ->
    [one] Voir { $count } opérateur
   *[other] Voir les { $count } opérateurs
}
now-steps = Premiers pas
now-step-operators = Ajouter vos opérateurs
now-step-departments = Ajouter votre premier service
now-step-schedules = Définir les heures de service
now-step-holidays = Saisir les jours fériés ou importer un calendrier
now-worries = À traiter
now-no-worries = Rien à traiter pour l’instant.
now-delivery-failed = { $count ->
    [one] 1 invitation n’a pas pu être remise
   *[other] { $count } invitations n’ont pas pu être remises
}
now-expired = { $count ->
    [one] 1 invitation n’a jamais été acceptée et a expiré
   *[other] { $count } invitations n’ont jamais été acceptées et ont expiré
}
now-mail-failed = { $count ->
    [one] 1 e-mail a été abandonné
   *[other] { $count } e-mails ont été abandonnés
}
now-untranslated = Le poste de { $name } n’est pas indiqué dans toutes ses langues
now-profile-text = Vos collègues et vos clients vous trouveront plus facilement avec ces éléments :
now-lacks-photo = Ajouter une photo
now-lacks-job-position = Indiquer votre poste
now-lacks-translation = Traduire votre poste dans toutes vos langues
now-lacks-languages = Choisir les langues dans lesquelles vous assistez
now-lacks-phone = Ajouter votre numéro de téléphone
now-lacks-time-zone = Choisir votre fuseau horaire
now-queries-waiting = { $count ->
    [one] Une demande attend quelqu’un
   *[other] { $count } demandes attendent quelqu’un
}
