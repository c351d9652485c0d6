intake-attachments = Archivos adjuntos que no se conservaron: { $names }
error-unknown-recipient = Esta dirección no es de ningún departamento ni operador.
error-not-a-message = Esto no es un mensaje de correo.
