# Pourquoi ce programme, et non un serveur de messagerie, a mis fin à un message ; et ce qui n’est pas possible.
mail-reason-link-gone = Son lien a été utilisé, retiré ou remplacé, ou il a expiré.
mail-reason-operator-gone = L’opérateur a été suspendu ou supprimé.
mail-reason-absence-gone = L’absence a été annulée ou modifiée, ou ne répond plus.
mail-reason-too-late = Plus d’un jour a passé : une réponse automatique ne ferait que surprendre.
mail-reason-by-hand = Quelqu’un l’a annulé.
mail-reason-stumbled = Ce message n’a pas pu être composé.
mail-reason-interrupted = Son envoi a été interrompu à plusieurs reprises.
conflict-mail-wiped = Le lien de ce message a été effacé : il ne peut plus être renvoyé. Envoyez une nouvelle invitation ou demandez un nouveau mot de passe.
conflict-mail-under-way = Ce message est en cours d’envoi, ou il a déjà été traité.
