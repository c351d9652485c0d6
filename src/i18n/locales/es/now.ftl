now-title = Hola, { $name }
now-worries = Por atender
now-no-worries = Ahora mismo no hay nada que atender.
now-delivery-failed = { $count ->
    [one] 1 invitación no se pudo entregar
   *[other] { $count } invitaciones no se pudieron entregar
}
now-expired = { $count ->
    [one] 1 invitación no se aceptó y ha caducado
   *[other] { $count } invitaciones no se aceptaron y han caducado
}
now-mail-failed = { $count ->
    [one] 1 correo no se pudo enviar
   *[other] { $count } correos no se pudieron enviar
}
now-untranslated = El puesto de { $name } no está en todos sus idiomas
now-sign-ins = Últimos accesos
now-profile-text = Sus compañeros y clientes le encontrarán mejor con estos datos:
now-profile-complete = Su perfil está completo.
now-lacks-photo = Añadir una foto
now-lacks-job-position = Indicar su puesto
now-lacks-translation = Traducir su puesto a todos sus idiomas
now-lacks-languages = Elegir los idiomas en los que atiende
now-lacks-phone = Añadir su número de teléfono
now-lacks-time-zone = Elegir su zona horaria
now-deeds = Lo que puede hacer
now-to-operators = Ver todos los operadores
now-to-roles = Decidir qué puede hacer cada rol
now-to-languages = Elegir los idiomas de la organización
now-to-templates = Redactar los textos de los correos
now-to-profile = Mantener su perfil al día
