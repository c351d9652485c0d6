explain-title = Explicar
explain-text = Quién puede recibir y por qué: ahora, en cualquier momento futuro y en cualquier momento pasado.
explain-department = Departamento
explain-channel = Canal
explain-language = Idioma
explain-operator = Operador
explain-at = A las (vacío: ahora), { $zone }
explain-waiting = Espera desde hace
explain-seconds = segundos
explain-any-department = Cualquier departamento
explain-any-channel = Cualquier canal
explain-any-language = Cualquier idioma
explain-ask = Explicar
explain-clear = Empezar de nuevo
explain-live = Alguien puede recibir
explain-message = Nadie puede recibir: se toma un mensaje
explain-closed = Nadie puede recibir
explain-receiving = { $count ->
    [one] 1 de { $asked } recibe.
   *[other] { $count } de { $asked } reciben.
}
explain-next-opening = Alguien podrá a partir de
explain-stands-until = Esto vale hasta el
explain-nobody = Nadie de quien hablar
explain-nobody-text = No había ningún operador o el departamento no tiene miembros.
explain-receives = Recibe
explain-rank = llamado en el puesto
explain-until = hasta el
explain-yes = sí
explain-no = no
explain-why = Explicar
explain-passed = superado
explain-failed = no superado
explain-set-by = Definido por
explain-change = Cambiar
explain-change-of = Cambiar: { $check } de { $name }
explain-more = Se preguntó por más operadores de los que se muestran aquí. Elija un departamento o un operador.
explain-reason = { $check }: { $fact }
