import-open = Importar
import-export = Exportar como CSV
import-title = Importar operadores
import-title-preparing = Se está comprobando el archivo
import-title-asked = Compruebe antes de importar
import-title-running = Se están importando los operadores
import-title-done = Los operadores se han importado
import-title-failed = La importación se ha abandonado
import-text = Añada y cambie muchos operadores con un archivo CSV. Primero verá, fila por fila, lo que haría.
import-example = Descargar un ejemplo
import-file = Archivo CSV
import-file-help = UTF-8, separado por comas, puntos y comas o tabuladores, con los nombres de las columnas en la primera línea. { $rows } filas como máximo.
import-invite = Enviar las invitaciones ahora
import-invite-help = Cada persona añadida recibe un correo con un enlace para fijar su contraseña. Si no, envíe el correo más tarde o copie el enlace.
import-check = Comprobar el archivo
import-columns = Columnas
import-columns-text = El correo electrónico identifica al operador; uno desconocido añade a alguien. Una columna ausente no cambia nada. Una celda vacía borra lo que puede estar vacío y deja todo lo demás como está.
import-column = Columna
import-meaning = Significado
import-about-name = Nombre completo.
import-about-email = La dirección de acceso. Identifica al operador y un archivo nunca la cambia.
import-about-alias = El nombre que ven los clientes.
import-about-notification-email = Dirección personal para avisos, distinta de la de acceso.
import-about-role = owner, admin, supervisor, agent, o el nombre corto de un rol propio. Sin ella, los nuevos operadores son agentes.
import-about-job-position = En el idioma de la organización. Para otros, añada su código:
import-about-phone = Con el prefijo del país, por ejemplo +33 1 99 00 12 34.
import-about-time-zone = Por ejemplo Europe/Paris. Vacío: como la organización.
import-about-locale = Idioma de la interfaz: en, fr o es. Vacío: como el navegador.
import-about-theme = system, bright (claro) o dark (oscuro).
import-about-languages = Códigos de los idiomas de asistencia, el mejor primero, por ejemplo es;fr.
import-about-departments = Nombres cortos de los departamentos, por ejemplo soporte;ventas. Sustituyen a los que tiene el operador.
import-about-max-chat-load = Chats a la vez: 0 ninguno, vacío sin límite.
import-about-priority = De 1 a 999. El número más bajo va primero.
import-about-do-not-disturb = No atiende llamadas: true o false, como en todas las columnas siguientes que son interruptores.
import-about-presence-required = Hace falta un panel abierto para recibir.
import-about-help-when-invisible = Ayuda mientras está invisible.
import-about-no-answer-minutes = Desconectado tras tantos minutos sin respuesta. Vacío: nunca.
import-about-idle-minutes = No disponible tras tantos minutos sin actividad. Vacío: nunca.
import-about-classify-after = Debe clasificar cada contacto cuando termina.
import-about-may-change-departments = Puede cambiar sus propios departamentos.
import-about-to-solve-only = Responde solo mediante «Por resolver».
import-about-state = Lo da la exportación, para leerlo. La importación no lo tiene en cuenta.

import-asked-text = Todavía no se ha cambiado nada. Todas las filas se importan juntas, o ninguna.
import-changed = No se ha importado nada: han cambiado operadores desde su comprobación. Esto es lo que haría ahora el archivo.
import-refused = { $count ->
    [one] { $count } fila no se puede importar, así que no se importa nada. Corríjala en su archivo y elíjalo de nuevo.
   *[other] { $count } filas no se pueden importar, así que no se importa nada. Corríjalas en su archivo y elíjalo de nuevo.
}
import-needless = Cada operador ya está como dice el archivo. No hay nada que importar.
import-creates = { $count ->
    [one] Se añade { $count } operador.
   *[other] Se añaden { $count } operadores.
}
import-invites = Las invitaciones se envían enseguida.
import-invites-not = No se envía ninguna invitación.
import-changes = { $count ->
    [one] Se cambia { $count } operador.
   *[other] Se cambian { $count } operadores.
}
import-do = { $count ->
    [one] Importar { $count } operador
   *[other] Importar { $count } operadores
}
import-another = Elegir otro archivo
import-writing = { $count ->
    [one] Se está escribiendo { $count } operador.
   *[other] Se están escribiendo { $count } operadores: todos o ninguno.
}
import-done = { $count ->
    [one] Se ha importado { $count } operador.
   *[other] Se han importado { $count } operadores.
}
import-outcome-create = Nuevo
import-outcome-change = Cambiado
import-outcome-same = Sin cambios
import-outcome-refused = Rechazado

error-csv-encoding = La línea { $line } no está en UTF-8. Guarde el archivo como «CSV UTF-8» y elíjalo de nuevo
error-csv-empty = Elija un archivo que contenga algo: este está vacío
error-csv-no-rows = Escriba al menos un operador debajo de los nombres de las columnas
error-csv-too-many-rows = Divida el archivo: puede contener { $max } filas como máximo
error-csv-unreadable = Este archivo no se puede leer como CSV. Guárdelo de nuevo desde su hoja de cálculo
error-csv-missing-column = Línea 1: falta la columna «{ $column }»
error-csv-unknown-column = Línea 1: el nombre de la columna { $place }, «{ $column }», no es ninguno de los de abajo
error-csv-same-column = Línea 1: la columna «{ $column }» está dos veces
error-csv-cells = Esta línea tiene { $found } celdas, la primera { $expected }. Ponga entre comillas una celda que contenga un separador
error-yes-or-no = Escriba true o false
error-departments-right = Su rol no puede cambiar quién está en qué departamento
error-email-twice = Este correo ya está en la línea { $line }
error-above-me = Este operador puede hacer lo que usted no puede, así que no puede cambiarlo
error-role-above-me = Este rol puede hacer lo que usted no puede, así que no puede darlo
error-own-role = No puede cambiar su propio rol con un archivo
error-last-owner = Es el último propietario activo
conflict-import-refused = Algunas filas no se pueden importar, o no hay nada que importar. Mire de nuevo el informe.
