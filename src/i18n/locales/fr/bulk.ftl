# {count} is filled in by a script, not by Fluent.
bulk-said = {"{"}count{"}"} sélectionnés
bulk-chosen = sélectionnés
bulk-choose = Sélectionner { $name }
bulk-choose-page = Sélectionner toute la page
bulk-choose-nobody = Ne sélectionner personne
bulk-all = { $count ->
    [one] Le seul opérateur de cette liste
   *[other] Les { $count } opérateurs de cette liste
}
bulk-nobody = Sélectionnez d’abord au moins un opérateur.
bulk-suspend = Suspendre…
bulk-reactivate = Réactiver
bulk-invite = Renvoyer l’invitation
bulk-priority = Définir la priorité…
bulk-department = Ajouter à un service…

bulk-deed-suspend = Suspendre des opérateurs
bulk-deed-reactivate = Réactiver des opérateurs
bulk-deed-invite = Renvoyer des invitations
bulk-deed-priority = Définir la priorité
bulk-deed-department = Ajouter à un service
bulk-ask-suspend = { $count ->
    [0] Personne ne peut être suspendu
    [one] Suspendre { $count } opérateur ?
   *[other] Suspendre { $count } opérateurs ?
}
bulk-ask-reactivate = { $count ->
    [0] Personne n’est à réactiver
    [one] Réactiver { $count } opérateur ?
   *[other] Réactiver { $count } opérateurs ?
}
bulk-ask-invite = { $count ->
    [0] Personne ne peut être invité
    [one] Renvoyer { $count } invitation ?
   *[other] Renvoyer { $count } invitations ?
}
bulk-ask-priority = { $count ->
    [0] Aucune priorité ne peut être définie
    [one] Définir la priorité de { $count } opérateur
   *[other] Définir la priorité de { $count } opérateurs
}
bulk-ask-department = { $count ->
    [0] Personne ne peut être ajouté
    [one] Ajouter { $count } opérateur à un service
   *[other] Ajouter { $count } opérateurs à un service
}
bulk-means-suspend = Ils sont déconnectés partout, les liens de leurs e-mails ne fonctionnent plus, et ils restent dehors jusqu’à ce que vous les réactiviez.
bulk-means-reactivate = Ils peuvent se reconnecter. Ceux qui n’ont jamais accepté d’invitation en ont besoin d’une nouvelle.
bulk-means-invite = Chacun reçoit un e-mail avec un nouveau lien. Les liens envoyés auparavant sont annulés.
bulk-means-priority = Tous reçoivent le même nombre.
bulk-means-department = Ils y entrent avec tous les canaux du service. Un service complet ne prend plus personne ; le rapport dit qui n’a pas trouvé de place.
bulk-left-out = { $count ->
    [one] { $count } opérateur est laissé de côté. La raison figure ci-dessous.
   *[other] { $count } opérateurs sont laissés de côté. Les raisons figurent ci-dessous.
}
bulk-needless = { $count ->
    [one] { $count } opérateur est déjà comme vous le souhaitez.
   *[other] { $count } opérateurs sont déjà comme vous le souhaitez.
}
bulk-do-suspend = { $count ->
    [one] Suspendre { $count } opérateur
   *[other] Suspendre { $count } opérateurs
}
bulk-do-reactivate = { $count ->
    [one] Réactiver { $count } opérateur
   *[other] Réactiver { $count } opérateurs
}
bulk-do-invite = { $count ->
    [one] Envoyer { $count } invitation
   *[other] Envoyer { $count } invitations
}
bulk-do-priority = { $count ->
    [one] La définir pour { $count } opérateur
   *[other] La définir pour { $count } opérateurs
}
bulk-do-department = { $count ->
    [one] Ajouter { $count } opérateur
   *[other] Ajouter { $count } opérateurs
}
bulk-done = { $count ->
    [0] Rien n’a été modifié.
    [one] Fait pour { $count } opérateur.
   *[other] Fait pour { $count } opérateurs.
}

bulk-outcome-waiting = À faire
bulk-outcome-done = Fait
bulk-outcome-same = Rien à faire
bulk-outcome-refused = Laissé de côté
bulk-reason-above = Votre rôle ne va pas jusque-là : cet opérateur peut faire ce que vous ne pouvez pas
bulk-reason-already-active = A déjà accepté une invitation
bulk-reason-gone = A été supprimé entre-temps
bulk-reason-last-owner = Est le dernier propriétaire actif
bulk-reason-oneself = C’est votre propre compte
bulk-reason-suspended = Est suspendu. Réactivez d’abord le compte
bulk-reason-too-soon = A été invité il y a moins d’une minute, ou cinq fois en une journée
bulk-reason-department-full = { $department } est complet : { $max } opérateurs au plus
bulk-reason-unknown-choice = Ce qui avait été choisi a été supprimé entre-temps

run-tabs = Lignes par résultat
run-line = Ligne
run-operator = Opérateur
run-outcome = Résultat
run-details = Détails
run-download = Télécharger le rapport
run-back = Vers la liste
run-progress = { $done } lignes sur { $total }
run-refreshes = Cette page s’actualise d’elle-même. Vous pouvez la quitter : le travail continue.
run-kept = Le rapport est conservé pendant une journée.
run-failed-right = Rien de plus n’a été fait, car vous ne pouvez plus gérer les opérateurs.
run-failed-file = Les colonnes du fichier ne conviennent plus, car une langue a été supprimée. Choisissez à nouveau le fichier.
run-failed-interrupted = Ce travail a été interrompu plusieurs fois et il est abandonné. Ce qui était fait le reste ; réessayez pour le reste.
conflict-nobody-chosen = Sélectionnez d’abord au moins un opérateur.
bulk-schedule = Définir les horaires…
bulk-deed-schedule = Définir les horaires
bulk-ask-schedule = { $count ->
    [one] Définir les horaires d’un opérateur ?
   *[other] Définir les horaires de { $count } opérateurs ?
}
bulk-means-schedule = Tous suivent les mêmes horaires. Les horaires propres sont conservés sans être appliqués.
bulk-do-schedule = { $count ->
    [one] Définir les horaires d’un opérateur
   *[other] Définir les horaires de { $count } opérateurs
}
bulk-no-schedule = Aucun horaire : toujours en service
