nav-schedules = Horaires
schedules-intro = Les semaines de travail de votre équipe et de vos services. Un même horaire peut servir à plusieurs.
schedules-add = Ajouter un horaire
schedules-empty-title = Aucun horaire pour l’instant
schedules-empty = Un horaire est une semaine d’heures de travail dans un fuseau horaire. Sans horaire, chacun est toujours dans les heures de service. Ajoutez le premier, puis attribuez-le à des opérateurs et à des services.
schedules-name = Nom
schedules-name-help = Pour votre équipe, par exemple « Bureau de Paris »
schedules-zone = Fuseau horaire
schedules-zone-help = Les heures ci-dessous valent dans ce fuseau, y compris lors des changements d’heure.
schedules-week = Semaine
schedules-week-help = Des heures comme 09:00 et 17:00 ; la fin elle-même n’est plus comprise. Une fin avant le début tombe le lendemain. Une journée entière va de 00:00 à 24:00 ; un jour sans heures est fermé.
schedules-all-week = 24 h/24, 7 j/7
schedules-clear = Tout effacer
schedules-closed = fermé
schedules-from-label = { $day }, de, { $row }
schedules-to-label = { $day }, à, { $row }
schedules-add-interval = Ajouter une plage le { $day }
schedules-remove-interval = Retirer la plage { $row } du { $day }
schedules-copy = Copier le { $day } vers d’autres jours
schedules-copy-workdays = Copier le { $day } du lundi au vendredi
schedules-copy-all = Copier le { $day } vers tous les jours
schedules-mon = lundi
schedules-short-mon = lun.
schedules-tue = mardi
schedules-short-tue = mar.
schedules-wed = mercredi
schedules-short-wed = mer.
schedules-thu = jeudi
schedules-short-thu = jeu.
schedules-fri = vendredi
schedules-short-fri = ven.
schedules-sat = samedi
schedules-short-sat = sam.
schedules-sun = dimanche
schedules-short-sun = dim.
schedules-drawn = La semaine
schedules-exceptions = Exceptions
schedules-exceptions-help = Les jours avec d’autres heures ou fermés. Les deux jours sont compris. L’exception d’un opérateur passe avant celle de l’horaire, qui passe avant celle de l’organisation ; elle régit les plages qui commencent ces jours-là.
schedules-exceptions-none = Il n’y en a pas.
schedules-exception-add = Ajouter une exception
schedules-exception-remove = Retirer l’exception { $row }
schedules-exception-name = Nom de l’exception { $row }
schedules-exception-from = Premier jour de l’exception { $row }
schedules-exception-to = Dernier jour de l’exception { $row }
schedules-exception-hours = Heures de l’exception { $row }
schedules-column-name = Nom
schedules-column-from = Premier jour
schedules-column-to = Dernier jour
schedules-column-hours = Heures (09:00-13:00)
schedules-new-title = Ajouter un horaire
schedules-new-intro = Donnez-lui un nom et des heures, puis choisissez-le pour des opérateurs et des services.
schedules-about = L’horaire
schedules-view-only = Vous pouvez consulter cet horaire, mais pas le modifier.
schedules-hours-view-only = Vous pouvez consulter ces heures, mais pas les modifier.
schedules-created = L’horaire « { $name } » a été ajouté. Choisissez-le pour les opérateurs sur leurs pages.
schedules-saved = L’horaire « { $name } » a été enregistré.
schedules-deleted = L’horaire « { $name } » a été supprimé.
schedules-edit = Modifier { $name }
schedules-used-by = Utilisé par
schedules-unused = Personne ne l’utilise encore.
schedules-danger = Opérations dangereuses
schedules-delete = Supprimer l’horaire
schedules-delete-help = Vous voyez d’abord qui l’utilise et choisissez ce qui le remplace.
schedules-deletion-title = Supprimer { $name } ?
schedules-deletion-unused = Personne ne l’utilise.
schedules-deletion-audit = Le journal d’audit garde ses heures.
schedules-replacement = À utiliser à la place
schedules-replacement-help = Tous ceux nommés ci-dessus l’utilisent désormais.
schedules-choose = Choisissez…
schedules-none-chosen = Aucun horaire : toujours dans les heures de service
schedules-own = Heures personnelles
schedules-own-help = Elles comptent quand « Heures personnelles » est choisi ci-dessus.
schedules-own-exceptions-help = Les jours où cette personne a d’autres heures ou aucune. Ils passent avant ceux de l’horaire et de l’organisation, et ne comptent qu’avec un horaire.
schedules-choice-help = Un horaire partagé par plusieurs personnes, des heures personnelles, ou aucun.
schedules-uses = Horaire partagé :
schedules-office-hours = Heures de service
schedules-department-schedule = Horaire du service
schedules-department-help = En dehors de ces heures, rien de nouveau n’arrive ici, quelles que soient les heures des opérateurs.
schedules-always = Aucun horaire : toujours dans les heures de service
schedules-within = Dans les heures de service jour et nuit
schedules-within-until = Dans les heures de service jusqu’au { $at } ({ $zone })
schedules-outside = En dehors des heures de service, et aucune plage n’est prévue
schedules-outside-until = En dehors des heures de service jusqu’au { $at } ({ $zone })
schedules-by-week = En raison de { $fact }
schedules-by-operator = En raison de l’exception personnelle « { $name } »
schedules-by-schedule = En raison de l’exception « { $name } » de l’horaire
schedules-by-organisation = En raison de l’exception « { $name } » de l’organisation
schedules-by-allowed = Parce que { $name } l’a autorisé
schedules-coming = Les sept prochains jours
schedules-holidays = Jours fériés et de fermeture
schedules-holidays-intro = Ils valent pour tous les horaires, sauf si l’horaire ou un opérateur a sa propre exception ce jour-là.
schedules-holidays-help = Les deux jours sont compris. Sans heures, le jour est fermé.
schedules-holidays-saved = Les jours fériés et de fermeture ont été enregistrés.
audit-object-schedule = Horaire
audit-object-holidays = Jours fériés et de fermeture
audit-action-schedule-created = Horaire ajouté
audit-action-schedule-changed = Horaire modifié
audit-action-schedule-deleted = Horaire supprimé
audit-action-holidays-changed = Jours fériés et de fermeture modifiés
audit-field-weekly = Semaine
audit-field-exceptions = Exceptions
audit-field-schedule-id = Heures de service
error-time-of-day = « { $text } » n’est pas une heure. Saisissez-en une comme 09:00
error-interval-from-24 = 24:00 termine un jour et n’en commence aucun. Saisissez 00:00 le lendemain
error-interval-empty = Le début et la fin sont identiques. Une journée entière va de 00:00 à 24:00
error-intervals-overlap = Ces plages se chevauchent : { $firstDay } { $first } et { $secondDay } { $second }. Modifiez l’une d’elles
error-exception-hours-overlap = Ces plages se chevauchent : { $first } et { $second }. Modifiez l’une d’elles
error-exceptions-overlap = « { $first } » et « { $second } » concernent un même jour. Modifiez les jours de l’une d’elles
error-date = « { $text } » n’est pas une date. Saisissez-en une comme 2026-12-24
error-date-order = Le dernier jour est avant le premier
schedules-operators = { $count ->
    [one] { $count } opérateur
   *[other] { $count } opérateurs
}
schedules-departments = { $count ->
    [one] { $count } service
   *[other] { $count } services
}
schedules-deletion-operators = { $count ->
    [one] { $count } opérateur l’utilise :
   *[other] { $count } opérateurs l’utilisent :
}
schedules-deletion-departments = { $count ->
    [one] { $count } service l’utilise :
   *[other] { $count } services l’utilisent :
}
schedules-save-at-once = Enregistrer
api-keys-area-schedules = Horaires
