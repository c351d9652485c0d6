operators-add = Ajouter un opérateur
operators-search = Rechercher par nom, alias ou e-mail
operators-count = { $count ->
    [one] { $count } opérateur
   *[other] { $count } opérateurs
}
operators-any-role = Tous les rôles
operators-any-language = Toutes les langues
operators-any-state = Tous les états
operators-name-column = Nom
operators-created = Ajouté
operators-last-sign-in = Dernière connexion
operators-never = jamais
operators-edit = Modifier { $name }
operators-none-title = Pas encore d’opérateur
operators-none = Les opérateurs sont les personnes qui répondent aux clients. Ajoutez la première : elle reçoit un e-mail avec un lien pour définir son mot de passe.
operators-none-found-title = Personne ne correspond
operators-none-found = Personne ne répond à la fois à la recherche et aux filtres.

operators-state = État
operators-state-invited = Invité
operators-state-expired = Invitation expirée
operators-state-delivery-failed = E-mail non remis
operators-state-active = Actif
operators-state-suspended = Suspendu

operators-sections = Sections de cet opérateur
operators-profile = Profil
operators-languages = Langues
operators-advanced = Avancé
operators-applications = Applications
operators-history = Historique

operators-new-text = Pour l’instant, seules ces informations sont nécessaires. Le reste peut venir plus tard.
operators-person = Personne
operators-account = Compte
operators-region = Heure et langue
operators-name = Nom complet
operators-name-help = Tel que les collègues le connaissent.
operators-alias = Alias
operators-alias-help = Les clients voient ce nom à la place du nom complet.
operators-email = E-mail
operators-email-help = Pour se connecter et recevoir les messages d’Onduty.
operators-current-password = Votre mot de passe
operators-current-password-help = Seulement pour changer d’adresse : vous l’avez saisi il y a plus de cinq minutes. Sinon, laissez vide.
operators-notification-email = E-mail personnel de notification
operators-notification-email-help = Pour les avis hors du travail. Il doit être différent de l’e-mail de connexion.
operators-role = Rôle
operators-role-help = Le rôle décide de ce que la personne peut voir et faire. Vous ne pouvez donner que les droits que vous avez.
operators-phone = Téléphone
operators-phone-help = Avec l’indicatif du pays, par exemple +33 1 99 00 12 34.
operators-time-zone = Fuseau horaire
operators-as-organisation = Comme l’organisation ({ $value })
operators-locale = Langue de l’interface
operators-as-browser = Comme le demande le navigateur
operators-way-in = Premier accès
operators-way-in-text = La personne reçoit un e-mail avec un lien pour définir son mot de passe. Le lien est valable { $validity }.
operators-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
operators-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
operators-initial-password-open = Définir plutôt un mot de passe initial
operators-initial-password-text = Aucun e-mail n’est alors envoyé. Transmettez vous-même le mot de passe ; il devra être changé à la première connexion.
operators-initial-password = Mot de passe initial
operators-initial-password-help = { $count ->
    [one] Au moins { $count } caractère.
   *[other] Au moins { $count } caractères.
}
operators-initial-password-again = Mot de passe initial, encore une fois
operators-save-new = Ajouter l’opérateur
operators-save-another = Enregistrer et en ajouter un autre
operators-invited = { $name } est ajouté. Une invitation est en route vers { $email }.
operators-added = { $name } est ajouté et peut se connecter avec le mot de passe initial.
operators-saved = Les modifications de { $name } sont enregistrées.
operators-unsaved = Modifications non enregistrées

operators-job-position = Poste
operators-job-position-help = Dans la langue de l’organisation : { $language }.
operators-translate = Traduire
operators-missing = manquant
operators-untranslated = Le poste manque dans ces langues : { $languages }. Les clients qui les utilisent ne voient aucun poste.
operators-untranslated-link = Le traduire
operators-photo = Photo
operators-photo-trust = Une vraie photo inspire plus confiance qu’un dessin ou une initiale.
operators-photo-own = Votre propre image
operators-photo-help = PNG, JPEG ou WebP, 2 Mo au plus. Elle est recadrée en carré.
operators-photo-remove = Retirer la photo envoyée
operators-preset = Image proposée
operators-preset-legend = Ou une image proposée
operators-preset-none = Pas d’image, seulement l’initiale
operators-preset-bear = Ours
operators-preset-bee = Abeille
operators-preset-bun = Personne au chignon
operators-preset-cactus = Cactus
operators-preset-cat = Chat
operators-preset-curls = Personne aux boucles
operators-preset-fox = Renard
operators-preset-frog = Grenouille
operators-preset-leaf = Feuille
operators-preset-mushroom = Champignon
operators-preset-owl = Hibou
operators-preset-panda = Panda
operators-preset-penguin = Manchot
operators-preset-rabbit = Lapin
operators-preset-sunflower = Tournesol
operators-preset-whale = Baleine
operators-fixed = Défini par votre organisation
operators-fixed-text = Votre rôle ne vous permet pas de modifier ces informations. Adressez-vous à un administrateur.

operators-lower-title = Vous allez perdre des droits
operators-lower-text = Vous changez votre propre rôle en { $role }.
operators-lower-lost = Vous perdez des droits que vous avez aujourd’hui et ne pourrez pas vous les redonner.
operators-lower-out = Vous êtes déconnecté partout aussitôt et vous reconnectez avec le nouveau rôle.
operators-lower-do = Changer mon rôle

operators-language = Langue
operators-languages-title = Langues d’assistance
operators-languages-text = Les langues dans lesquelles les clients sont aidés, la meilleure en premier. Un client qui demande es-MX est servi par es-MX, sinon par es.
operators-languages-none-title = L’organisation n’a pas encore de langue
operators-languages-none = Un administrateur active d’abord des langues.
operators-languages-pick = Assiste dans cette langue
operators-languages-place = Ordre
operators-languages-saved = Les langues de { $name } sont enregistrées.
operators-language-up = Monter { $language }
operators-language-down = Descendre { $language }
operators-language-off = désactivée

operators-advanced-note = Onduty conserve ces valeurs. Vos systèmes de chat et de téléphonie les lisent par l’API JSON et s’y conforment.
operators-theme = Thème
operators-theme-help = L’apparence d’Onduty pour cet opérateur.
operators-theme-system = Comme le système
operators-theme-bright = Clair
operators-theme-dark = Sombre
operators-capacity = Capacité et ordre
operators-max-chat-load = Chats simultanés
operators-max-chat-load-help = 0 signifie aucun. Laissez vide pour ne pas limiter.
operators-chats-unit = chats
operators-no-limit = sans limite
operators-priority = Priorité
operators-priority-help = Le plus petit nombre passe en premier, là où un système suit la priorité.
operators-waiting = Changement automatique de statut
operators-no-answer-minutes = Hors ligne sans réponse
operators-no-answer-minutes-help = Quand un nouveau message attend une réponse aussi longtemps. Laissez vide pour jamais.
operators-idle-minutes = Indisponible sans activité
operators-idle-minutes-help = Après ce nombre de minutes sans activité dans le panneau, le statut prévu pour un panneau perdu s’applique ; l’activité suivante rétablit le précédent. Laissez vide pour jamais.
operators-minutes-unit = minutes
operators-wishes = Façons de travailler
operators-help-when-invisible = Aider en étant invisible
operators-help-when-invisible-help = Intervient quand un client attend depuis trop longtemps.
operators-presence-required = Un panneau ouvert est nécessaire pour recevoir
operators-presence-required-help = Qui reçoit passe automatiquement hors ligne sans panneau ouvert pendant le délai des paramètres. Désactivez-le pour les téléphones de bureau, qui sont toujours là.
operators-classify-after = Demander de classer chaque contact une fois terminé
operators-classify-after-help = Demande une catégorie et une note.
operators-do-not-disturb = Ne pas déranger
operators-may-change-departments = Peut changer ses propres services
operators-to-solve-only = Ne répond que par « À résoudre »
operators-yes = oui
operators-no = non

operators-devices-title = Où ce compte est connecté
operators-devices-own = Déconnectez ce que vous ne reconnaissez pas, puis changez votre mot de passe.
operators-devices-text = Les navigateurs où { $name } est connecté en ce moment.
operators-devices-none-title = Connecté nulle part
operators-devices-none = Un navigateur apparaît ici dès que quelqu’un se connecte avec ce compte.
operators-device-column = Navigateur
operators-device = { $browser } sur { $system }
operators-device-unknown = Navigateur inconnu
operators-this-device = celui-ci
operators-address = Adresse
operators-signed-in = Connecté
operators-last-used = Dernière utilisation
operators-end-session = Déconnecter
operators-end-session-of = Déconnecter { $device }
operators-end-all-title = Déconnecter partout
operators-end-all-own = Tous les autres navigateurs devront se reconnecter. Vous restez connecté ici.
operators-end-all-text = Tous les navigateurs de cet opérateur devront se reconnecter.
operators-end-all = Déconnecter partout
operators-session-ended = { $name } est déconnecté de ce navigateur.
operators-sessions-ended = { $name } est déconnecté partout ailleurs.

operators-history-title = Ce qui a été fait sur ce compte
operators-history-none-title = Rien pour l’instant
operators-history-none = Chaque modification de ce compte est notée ici, avec les valeurs d’avant et d’après.
operators-did-created = a ajouté le compte
operators-did-changed = a modifié le compte
operators-did-photo-changed = a changé la photo
operators-did-suspended = a suspendu le compte
operators-did-reactivated = a réactivé le compte
operators-did-deleted = a supprimé le compte
operators-did-restored = a rétabli le compte
operators-did-invited = a envoyé une invitation
operators-did-invitation-link = a créé un lien d’invitation
operators-did-invitation-revoked = a révoqué l’invitation
operators-did-invitation-accepted = a accepté l’invitation
operators-did-password-changed = a changé le mot de passe
operators-did-session-opened = s’est connecté
operators-did-session-ended = a déconnecté le compte

operators-deeds = Actions
operators-invite-again = Renvoyer l’invitation
operators-invited-again = Une nouvelle invitation est en route vers { $email }. Le lien envoyé avant n’est plus valable.
operators-copy-link = Copier le lien
operators-copy-link-help = Un nouveau lien à transmettre vous-même. Le lien envoyé avant n’est plus valable.
operators-revoke = Révoquer l’invitation
operators-revoked = L’invitation à { $email } est révoquée. Son lien ne fonctionne plus.
operators-suspend = Suspendre
operators-suspend-help = Déconnecte la personne et lui ferme l’accès jusqu’à la réactivation du compte.
operators-suspended = Suspendu
operators-now-suspended = { $name } est suspendu et déconnecté partout.
operators-reactivate = Réactiver
operators-now-reactivated = { $name } est réactivé.
operators-delivery-failed = L’invitation n’a pas pu être remise.
operators-delivery-failed-text = Vérifiez l’adresse, puis renvoyez l’invitation. Réponse du serveur de messagerie :
operators-link-title = Lien d’invitation
operators-link = Lien
operators-link-text = Donnez ce lien à { $name }. Il mène à la page où définir le mot de passe.
operators-link-once = Le lien n’est affiché que maintenant. Si vous le perdez, créez-en un nouveau.
operators-link-copy = Copier
operators-link-copied = Copié
operators-link-copy-failed = Appuyez sur Ctrl+C pour copier le lien sélectionné.
operators-link-done = Terminé

operators-delete-ask = Supprimer…
operators-delete-title = Supprimer { $name } ?
operators-delete-text = Voici ce qui se passe :
operators-delete-sessions = { $count ->
    [0] La personne ne peut plus se connecter. Elle n’est connectée nulle part en ce moment.
    [one] La personne est déconnectée de { $count } navigateur et ne peut plus se connecter.
   *[other] La personne est déconnectée de { $count } navigateurs et ne peut plus se connecter.
}
operators-delete-invitation = Le lien de son invitation ne fonctionne plus.
operators-delete-email = { $email } devient libre pour un autre opérateur.
operators-delete-audit = Le journal d’audit garde son nom.
operators-delete-undo = Vous pouvez annuler pendant 30 jours.
operators-delete-do = Supprimer l’opérateur
operators-deleted-title = { $name } est supprimé
operators-deleted-since = Supprimé
operators-deleted-until = Vous pouvez annuler jusqu’au
operators-restore = Annuler la suppression
operators-restored = { $name } est de retour. Si la personne n’avait jamais accepté d’invitation, envoyez-lui-en une nouvelle.
operators-to-list = Vers la liste des opérateurs
operators-did-departments-changed = a modifié les services
operators-taken-channels = Canaux pris actuellement
operators-departments = Services
operators-signatures = Signatures

operators-departments-title = Où la personne travaille et ce qu’elle prend
operators-departments-text = « Peut traiter » relève de l’administrateur, « Prend en ce moment » de l’opérateur. Seuls les deux ensemble laissent passer les demandes.
operators-no-departments-title = Dans aucun service pour l’instant
operators-no-departments = Sans service, rien ne peut être pris. Demandez à un administrateur d’en ajouter un.
operators-in-it = Membre
operators-departments-saved = Les services de { $name } sont enregistrés.
operators-departments-options = Options
operators-may-change-departments-help = La personne peut rejoindre et quitter des services et choisir ce qu’elle y traite.
operators-to-solve-only-help = Les tickets arrivent l’un après l’autre, sans choix dans la liste.
operators-save-options = Enregistrer les options
operators-caller-ids = Numéros d’appel
operators-caller-ids-help = Ce qui peut être affiché aux personnes appelées : son propre numéro et ceux des services où les appels lui sont permis.
operators-caller-id-own = Son propre numéro

operators-signatures-general = Signature générale
operators-signatures-text = Elle figure là où un modèle contient {"{"}$agentSignature{"}"} et que le service n’a pas sa propre signature.
operators-signature = Signature
operators-signature-help = Texte brut, 2 000 caractères au plus.
operators-signature-html = Signature HTML
operators-signature-html-help = Pour les outils qui envoient du HTML. Scripts, styles et cadres sont retirés à l’enregistrement.
operators-signature-looks = Aspect de la signature HTML
operators-no-signature = Pas encore de signature.
operators-signatures-departments = Signatures par service
operators-signatures-departments-text = Laissez vide pour utiliser la signature générale.
operators-save-signatures = Enregistrer les signatures
operators-signatures-saved = Les signatures de { $name } sont enregistrées.
operators-delete-alone = Personne d’autre ne travaille dans : { $departments }. Les demandes adressées à ces services ne trouveront personne.
operators-restored-without = { $name } est de retour, mais plus dans { $departments }, complet entre-temps.
operators-status = Statut
operators-any-status = Tous les statuts
operators-status-switch = Changer le statut
operators-status-since = depuis le
operators-status-until = jusqu’au
operators-status-for = Pendant
operators-status-for-ever = Jusqu’au prochain changement
operators-status-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
operators-status-hours = { $count ->
    [one] 1 heure
   *[other] { $count } heures
}
operators-status-switched = Nouveau statut de { $name } : { $status }.
operators-delete-queries = { $count ->
    [one] Une demande ouverte va à la personne choisie ci-dessous.
   *[other] { $count } demandes ouvertes vont à la personne choisie ci-dessous.
}
operators-heir = Qui reprend les demandes ouvertes
operators-heir-help = Si cette personne ne peut pas les prendre maintenant, elles vont au service.
operators-heir-none = Leurs services
operators-programs-title = Téléphones et programmes
operators-programs-text = Ils signalent par l’API que l’opérateur est là. Après un silence plus long que le délai des réglages, ils ne comptent plus.
operators-program = Programme
operators-program-since = Présent depuis
operators-program-heard = Dernier signal
operators-program-here = Compte maintenant
operators-contact = Page de contact
operators-contact-text = Les clients qui passent par ce lien écrivent à { $name }, dans ses langues d’assistance. Les autres écrivent au service.
