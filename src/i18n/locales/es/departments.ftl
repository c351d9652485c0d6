channel-ticket = Tickets
channel-chat = Chats
channel-call = Llamadas

error-slug = Use minúsculas, cifras y guiones sencillos, por ejemplo atencion-al-cliente
error-translation-of-default = Es el idioma de la organización: lo representa el propio nombre
error-fallback-self = Un departamento no puede sustituirse a sí mismo. Elija otro
error-fallback-circle = Las consultas darían vueltas: { $names }. Elija otro departamento
error-department-full = { $department } está completo: tiene sitio para { $max } operadores. Saque antes a alguien o suba el límite
error-not-a-member = Este operador no está en { $department }. Añádalo primero
error-active-not-allowed = Este operador no puede atender ese canal en { $department }. Permítalo primero
