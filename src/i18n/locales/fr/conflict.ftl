conflict-last-owner = C’est le dernier propriétaire actif. Nommez d’abord un autre propriétaire, puis réessayez.
conflict-oneself = Vous ne pouvez ni suspendre ni supprimer votre propre compte. Demandez-le à un autre administrateur.
conflict-email-taken = Un autre opérateur utilise maintenant cette adresse e-mail. Modifiez-la d’abord, puis restaurez ce compte.
conflict-not-empty = Cette base de données contient déjà des opérateurs. Chargez la démonstration dans une base vide.
