now-title = Bonjour { $name }
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
now-sign-ins = Dernières connexions
now-profile-text = Vos collègues et vos clients vous trouveront plus facilement avec ces éléments :
now-profile-complete = Votre profil est complet.
now-lacks-photo = Ajouter une photo
now-lacks-job-position = Indiquer votre poste
now-lacks-translation = Traduire votre poste dans toutes vos langues
now-lacks-languages = Choisir les langues dans lesquelles vous assistez
now-lacks-phone = Ajouter votre numéro de téléphone
now-lacks-time-zone = Choisir votre fuseau horaire
now-deeds = Ce que vous pouvez faire
now-to-operators = Voir tous les opérateurs
now-to-roles = Décider de ce que chaque rôle peut faire
now-to-languages = Choisir les langues de l’organisation
now-to-templates = Rédiger les textes des e-mails
now-to-profile = Tenir votre profil à jour
