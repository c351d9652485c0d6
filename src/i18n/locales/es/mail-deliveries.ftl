# Por qué este programa, y no un servidor de correo, dio por terminado un mensaje; y lo que no se puede hacer.
mail-reason-link-gone = Su enlace se utilizó, se retiró, se sustituyó o ha caducado.
mail-reason-operator-gone = El operador fue suspendido o eliminado.
mail-reason-absence-gone = La ausencia se canceló o cambió, o ya no responde.
mail-reason-too-late = Ha pasado más de un día: una respuesta automática solo sorprendería.
mail-reason-by-hand = Alguien lo canceló.
mail-reason-stumbled = No se pudo componer este mensaje.
mail-reason-interrupted = Su envío se interrumpió una y otra vez.
conflict-mail-wiped = El enlace de este mensaje se ha borrado, así que no se puede volver a enviar. Envíe una invitación nueva o solicite una contraseña nueva.
conflict-mail-under-way = Este mensaje se está enviando o ya se ha tramitado.
