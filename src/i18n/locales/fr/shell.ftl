shell-skip = Aller au contenu
shell-menu = Menu
shell-navigation = Principal
shell-search = Rechercher
shell-search-help = Rechercher des opérateurs, des services, des sites et des pages
shell-account = Votre compte
shell-profile = Votre profil
shell-password = Changer de mot de passe
shell-sessions = Vos connexions
shell-sign-out = Se déconnecter
shell-breadcrumb = Vous êtes ici
shell-dismiss = Fermer
shell-failed = Cela n’a pas fonctionné. Réessayez.
# {count} is filled in by a script, not by Fluent.
shell-palette-found = {"{"}count{"}"} résultats
shell-palette-failed = La recherche n’a pas répondu. Réessayez.
shell-palette-results = Résultats
shell-palette-move = pour se déplacer
shell-palette-open = pour ouvrir
nav-people = Équipe
nav-settings = Réglages
nav-operators = Opérateurs
nav-roles = Rôles
nav-languages = Langues
nav-organisation = Organisation
nav-templates = Modèles d’e-mail
nav-mail = E-mails
nav-auto-replies = Réponses automatiques
nav-api-keys = Clés d’API
nav-audit = Journal d’audit
role-owner = Propriétaire
role-admin = Administrateur
role-supervisor = Superviseur
role-agent = Agent
form-errors = { $count ->
    [one] Une réponse est à revoir
   *[other] { $count } réponses sont à revoir
}
form-required = obligatoire
form-show-password = Afficher le mot de passe
form-save = Enregistrer
form-cancel = Annuler
error-page-home = Aller à l’accueil
error-page-reference = Référence
error-page-400-title = Cette demande est illisible
error-page-400 = La demande est mal formée. Revenez en arrière et réessayez.
error-page-403-title = Vous ne pouvez pas faire cela
error-page-403 = Votre rôle n’a pas l’autorisation { $right }. Demandez-la à un administrateur si vous en avez besoin.
error-page-404-title = Cette page n’existe pas
error-page-404 = Elle a peut-être été supprimée, ou l’adresse contient une faute de frappe.
error-page-409 = L’élément a changé depuis que vous l’avez ouvert. Ouvrez-le de nouveau et refaites votre modification.
error-page-conflict-title = Ce n’est pas possible pour l’instant
error-page-413-title = C’est trop volumineux
error-page-413 = L’envoi dépasse ce qui est accepté ici. Raccourcissez le texte ou choisissez un fichier plus petit, puis envoyez de nouveau.
error-page-429-title = Trop de tentatives
error-page-429 = { $count ->
    [one] Attendez une minute, puis réessayez.
   *[other] Attendez { $count } minutes, puis réessayez.
}
error-page-500-title = Une erreur s’est produite de notre côté
error-page-500 = Rien n’a été modifié. Réessayez ; si l’erreur persiste, transmettez la référence ci-dessous à la personne qui gère ce serveur.
error-page-503-title = Onduty ne peut pas répondre pour l’instant
error-page-503 = La base de données ne répond pas ou n’a plus de place. Rien n’a été modifié. Réessayez dans un instant.
error-page-forged-title = Ce formulaire n’est plus valable
error-page-forged = Vous vous êtes peut-être connecté ou déconnecté dans un autre onglet depuis son ouverture. Revenez en arrière, rechargez la page et renvoyez-le.
nav-departments = Services
nav-availability = Disponibilité
nav-statuses = Statuts
shell-status = Votre statut : { $name }
nav-panel = Panneau
nav-explain = Expliquer
