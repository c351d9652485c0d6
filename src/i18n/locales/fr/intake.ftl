intake-attachments = Pièces jointes non conservées : { $names }
error-unknown-recipient = Cette adresse n’appartient à aucun service ni à aucun opérateur.
error-not-a-message = Ceci n’est pas un e-mail.
