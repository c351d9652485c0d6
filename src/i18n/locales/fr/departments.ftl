channel-ticket = Tickets
channel-chat = Discussions
channel-call = Appels

error-slug = Utilisez des minuscules, des chiffres et des tirets simples, par exemple service-clients
error-translation-of-default = C’est la langue de l’organisation : le nom lui-même en tient lieu
error-fallback-self = Un service ne peut pas se remplacer lui-même. Choisissez-en un autre
error-fallback-circle = Les demandes tourneraient en rond : { $names }. Choisissez un autre service
error-department-full = { $department } est complet : il y a de la place pour { $max } opérateurs. Retirez d’abord quelqu’un ou relevez la limite
error-not-a-member = Cet opérateur ne fait pas partie de { $department }. Ajoutez-le d’abord
error-active-not-allowed = Cet opérateur ne peut pas traiter ce canal dans { $department }. Autorisez-le d’abord
