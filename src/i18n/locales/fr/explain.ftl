explain-title = Expliquer
explain-text = Qui peut recevoir, et pourquoi : maintenant, à tout moment à venir et à tout moment passé.
explain-department = Service
explain-channel = Canal
explain-language = Langue
explain-operator = Opérateur
explain-at = À (vide : maintenant), { $zone }
explain-waiting = Attend depuis
explain-seconds = secondes
explain-any-department = Tous les services
explain-any-channel = Tous les canaux
explain-any-language = Toutes les langues
explain-ask = Expliquer
explain-clear = Recommencer
explain-live = Quelqu’un peut recevoir
explain-message = Personne ne peut recevoir : un message est pris
explain-closed = Personne ne peut recevoir
explain-receiving = { $count ->
    [one] { $count } sur { $asked } reçoit.
   *[other] { $count } sur { $asked } reçoivent.
}
explain-next-opening = Quelqu’un le pourra à partir de
explain-stands-until = Cela vaut jusqu’au
explain-nobody = Personne à présenter
explain-nobody-text = Aucun opérateur n’était là, ou le service n’a pas de membres.
explain-receives = Reçoit
explain-rank = appelé en position
explain-until = jusqu’au
explain-yes = oui
explain-no = non
explain-why = Expliquer
explain-passed = réussi
explain-failed = échoué
explain-set-by = Défini par
explain-change = Modifier
explain-change-of = Modifier : { $check } de { $name }
explain-more = Plus d’opérateurs ont été demandés qu’il n’en est présenté ici. Choisissez un service ou un opérateur.
explain-reason = { $check } : { $fact }
