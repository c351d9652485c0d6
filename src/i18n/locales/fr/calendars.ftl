calendars-title = Calendriers de jours fériés
calendars-intro = Jours fériés et autres jours de fermeture venus d’un fichier .ics. Si une exception ci-dessus porte sur le même jour, c’est elle qui décide.
calendars-none = Aucun n’a encore été importé.
calendars-name = Nom
calendars-name-help = Laissez vide pour reprendre le nom que le fichier se donne.
calendars-about = Le calendrier
calendars-closed-days = Jours de fermeture
calendars-next = Prochain
calendars-next-none = aucun de prévu
calendars-imported-at = Importé
calendars-import = Importer un calendrier
calendars-new-title = Importer un calendrier de jours fériés
calendars-new-text = Vous voyez d’abord quels jours le fichier fermerait. Rien ne change avant votre confirmation.
calendars-again-title = Importer { $name } à nouveau
calendars-again-text = Les nouveaux jours sont ajoutés, ceux que le fichier n’a plus disparaissent. Les jours que vous avez désactivés le restent.
calendars-file = Fichier de calendrier (.ics)
calendars-file-help = UTF-8, 512 Kio au plus. Un événement sur la journée ferme ses jours ; un événement avec des heures ferme les jours qu’il touche. Sont pris les jours d’il y a un an jusque dans trois ans.
calendars-look = Voir les jours
calendars-other-file = Choisir un autre fichier
calendars-preview = Ce que « { $name } » fermerait
calendars-preview-days = { $count ->
    [one] { $count } entrée.
   *[other] { $count } entrées.
}
calendars-preview-added = { $count ->
    [one] { $count } entrée est nouvelle
   *[other] { $count } entrées sont nouvelles
}
calendars-preview-gone = { $count ->
    [one] { $count } entrée disparaît, car le fichier ne l’a plus
   *[other] { $count } entrées disparaissent, car le fichier ne les a plus
}
calendars-preview-off = { $count ->
    [one] { $count } entrée reste désactivée
   *[other] { $count } entrées restent désactivées
}
calendars-zone = Les heures sont lues dans le fuseau { $zone }.
calendars-day = Jour
calendars-what = Nom
calendars-stays-off = reste désactivé
calendars-is-new = nouveau
calendars-goes = disparaît
calendars-confirm = { $count ->
    [one] Importer { $count } entrée
   *[other] Importer { $count } entrées
}
calendars-unnamed = Fermé
calendars-of = Calendrier de
calendars-imported-by = Importé par { $name }
calendars-again = Importer à nouveau
calendars-switch-help = Un jour désactivé est un jour ordinaire, et le reste quand le fichier est importé à nouveau.
calendars-off-told = { $count ->
    [one] { $count } entrée est désactivée.
   *[other] { $count } entrées sont désactivées.
}
calendars-off = { $count ->
    [one] { $count } désactivé
   *[other] { $count } désactivés
}
calendars-coming-none = Aucun jour à venir.
calendars-past = { $count ->
    [one] { $count } entrée passée
   *[other] { $count } entrées passées
}
calendars-danger = Opérations dangereuses
calendars-delete = Supprimer le calendrier
calendars-delete-help = Ses jours redeviennent des jours ordinaires.
calendars-deletion-title = Supprimer { $name } ?
calendars-deletion-days = { $count ->
    [0] Aucune de ses entrées ne ferme de jour à présent.
    [one] { $count } entrée ne ferme plus ses jours.
   *[other] { $count } entrées ne ferment plus leurs jours.
}
calendars-deletion-audit = Le journal d’audit garde la liste de ses jours.
calendars-saved = « { $name } » a été enregistré.
calendars-deleted = « { $name } » a été supprimé. Ses jours sont de nouveau ordinaires.
calendars-imported = « { $name } » a été importé. Entrées : { $count }.
calendars-imported-again = « { $name } » a été importé à nouveau. Entrées : { $count }, nouvelles : { $added }, disparues : { $removed }, toujours désactivées : { $off }.
audit-object-calendar = Calendrier de jours fériés
audit-action-calendar-imported = Calendrier de jours fériés importé
audit-action-calendar-changed = Calendrier de jours fériés modifié
audit-action-calendar-deleted = Calendrier de jours fériés supprimé
audit-field-closed-days = Jours de fermeture
error-calendar-file = Choisissez un fichier .ics qui contient quelque chose
error-calendar-size = Le fichier dépasse { $max } Kio. Retirez les années dont vous n’avez pas besoin
error-calendar-encoding = Le fichier n’est pas en UTF-8. Exportez-le à nouveau ou enregistrez-le en UTF-8
error-calendar-unknown = Ce n’est pas un calendrier. Un fichier .ics commence par BEGIN:VCALENDAR
error-calendar-line = La ligne { $line } du fichier est illisible
error-calendar-unfinished = Le fichier s’interrompt avant sa fin. Exportez-le à nouveau
error-calendar-date = La date, l’heure ou la durée de la ligne { $line } est illisible
error-calendar-rule = La récurrence de « { $name } » est illisible
error-calendar-often = « { $name } » se répète plus d’une fois par jour. Les jours fériés se répètent au plus chaque jour
error-calendar-endless = Les récurrences du fichier sont trop longues à dénombrer. Donnez-leur une fin ou retirez ce qui n’arrive jamais
error-calendar-events = Le fichier contient plus de { $max } événements
error-calendar-entries = Le fichier ferme plus de { $max } fois entre il y a un an et dans trois ans. Donnez une fin à ses récurrences
error-calendar-nothing = Le fichier ne ferme aucun jour entre le { $from } et le { $to }
error-calendar-many = Il y a déjà { $max } calendriers. Supprimez-en un d’abord
error-calendar-changed = Quelqu’un a modifié ce calendrier entre-temps. Choisissez le fichier encore une fois et voyez ce qu’il ferait maintenant
