import-open = Importer
import-export = Exporter en CSV
import-title = Importer des opérateurs
import-title-preparing = Le fichier est en cours de vérification
import-title-asked = Vérifiez avant d’importer
import-title-running = Les opérateurs sont en cours d’importation
import-title-done = Les opérateurs sont importés
import-title-failed = L’importation a été abandonnée
import-text = Ajoutez et modifiez de nombreux opérateurs avec un fichier CSV. Vous voyez d’abord, ligne par ligne, ce qu’il ferait.
import-example = Télécharger un exemple
import-file = Fichier CSV
import-file-help = UTF-8, séparé par des virgules, des points-virgules ou des tabulations, avec les noms des colonnes sur la première ligne. { $rows } lignes au plus.
import-invite = Envoyer les invitations maintenant
import-invite-help = Chaque personne ajoutée reçoit un e-mail avec un lien pour définir son mot de passe. Sinon, envoyez l’e-mail plus tard ou copiez le lien.
import-check = Vérifier le fichier
import-columns = Colonnes
import-columns-text = L’adresse e-mail désigne l’opérateur ; une adresse inconnue ajoute quelqu’un. Une colonne absente ne change rien. Une cellule vide efface ce qui peut être vide et laisse tout le reste tel quel.
import-column = Colonne
import-meaning = Signification
import-about-name = Nom complet.
import-about-email = L’adresse de connexion. Elle désigne l’opérateur et n’est jamais modifiée par un fichier.
import-about-alias = Le nom que voient les clients.
import-about-notification-email = Adresse personnelle pour les avis, différente de l’adresse de connexion.
import-about-role = owner, admin, supervisor, agent, ou le nom court d’un de vos rôles. Sans elle, les nouveaux opérateurs sont agents.
import-about-job-position = Dans la langue de l’organisation. Pour les autres, ajoutez leur code :
import-about-phone = Avec l’indicatif du pays, par exemple +33 1 99 00 12 34.
import-about-time-zone = Par exemple Europe/Paris. Vide : comme l’organisation.
import-about-locale = Langue de l’interface : en, fr ou es. Vide : comme le navigateur.
import-about-theme = system, bright (clair) ou dark (sombre).
import-about-languages = Codes des langues d’assistance, la meilleure d’abord, par exemple es;fr.
import-about-departments = Noms courts des services, par exemple support;ventes. Ils remplacent ceux où se trouve l’opérateur.
import-about-max-chat-load = Conversations simultanées : 0 aucune, vide sans limite.
import-about-priority = De 1 à 999. Le plus petit nombre vient en premier.
import-about-do-not-disturb = Ne prend pas d’appels : true ou false, comme dans toutes les colonnes suivantes qui sont des interrupteurs.
import-about-presence-required = Un panneau ouvert est nécessaire pour recevoir.
import-about-help-when-invisible = Aide même en étant invisible.
import-about-no-answer-minutes = Hors ligne après tant de minutes sans réponse. Vide : jamais.
import-about-idle-minutes = Indisponible après tant de minutes sans activité. Vide : jamais.
import-about-classify-after = Doit classer chaque contact une fois terminé.
import-about-may-change-departments = Peut changer ses propres services.
import-about-to-solve-only = Ne répond que par « À résoudre ».
import-about-state = Donné par l’export, pour être lu. L’importation n’en tient pas compte.

import-asked-text = Rien n’a encore été modifié. Toutes les lignes sont importées ensemble, ou aucune.
import-changed = Rien n’a été importé : des opérateurs ont changé depuis votre vérification. Voici ce que le fichier ferait maintenant.
import-refused = { $count ->
    [one] { $count } ligne ne peut pas être importée, donc rien ne l’est. Corrigez-la dans votre fichier, puis choisissez-le à nouveau.
   *[other] { $count } lignes ne peuvent pas être importées, donc rien ne l’est. Corrigez-les dans votre fichier, puis choisissez-le à nouveau.
}
import-needless = Chaque opérateur est déjà comme le dit le fichier. Il n’y a rien à importer.
import-creates = { $count ->
    [one] { $count } opérateur est ajouté.
   *[other] { $count } opérateurs sont ajoutés.
}
import-invites = Les invitations sont envoyées aussitôt.
import-invites-not = Aucune invitation n’est envoyée.
import-changes = { $count ->
    [one] { $count } opérateur est modifié.
   *[other] { $count } opérateurs sont modifiés.
}
import-do = { $count ->
    [one] Importer { $count } opérateur
   *[other] Importer { $count } opérateurs
}
import-another = Choisir un autre fichier
import-writing = { $count ->
    [one] { $count } opérateur est en cours d’écriture.
   *[other] { $count } opérateurs sont en cours d’écriture : tous ou aucun.
}
import-done = { $count ->
    [one] { $count } opérateur a été importé.
   *[other] { $count } opérateurs ont été importés.
}
import-outcome-create = Nouveau
import-outcome-change = Modifié
import-outcome-same = Inchangé
import-outcome-refused = Refusé

error-csv-encoding = La ligne { $line } n’est pas en UTF-8. Enregistrez le fichier en « CSV UTF-8 » et choisissez-le à nouveau
error-csv-empty = Choisissez un fichier qui contient quelque chose : celui-ci est vide
error-csv-no-rows = Écrivez au moins un opérateur sous les noms des colonnes
error-csv-too-many-rows = Divisez le fichier : il peut contenir { $max } lignes au plus
error-csv-unreadable = Ce fichier ne peut pas être lu comme CSV. Enregistrez-le à nouveau depuis votre tableur
error-csv-missing-column = Ligne 1 : la colonne « { $column } » manque
error-csv-unknown-column = Ligne 1 : le nom de la colonne { $place }, « { $column } », ne figure pas parmi ceux ci-dessous
error-csv-same-column = Ligne 1 : la colonne « { $column } » y figure deux fois
error-csv-cells = Cette ligne a { $found } cellules, la première { $expected }. Mettez entre guillemets une cellule qui contient un séparateur
error-yes-or-no = Écrivez true ou false
error-departments-right = Votre rôle ne peut pas changer qui est dans quel service
error-email-twice = Cette adresse e-mail figure déjà à la ligne { $line }
error-above-me = Cet opérateur peut faire ce que vous ne pouvez pas ; vous ne pouvez donc pas le modifier
error-role-above-me = Ce rôle permet ce que vous ne pouvez pas ; vous ne pouvez donc pas le donner
error-own-role = Vous ne pouvez pas changer votre propre rôle par un fichier
error-last-owner = C’est le dernier propriétaire actif
conflict-import-refused = Certaines lignes ne peuvent pas être importées, ou il n’y a rien à importer. Regardez à nouveau le rapport.
