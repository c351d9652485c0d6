conflict-last-owner = Es el último propietario activo. Nombre primero a otro propietario e inténtelo de nuevo.
conflict-oneself = No puede suspender ni eliminar su propia cuenta. Pídaselo a otro administrador.
conflict-email-taken = Otro operador usa ahora esta dirección de correo. Cámbiela primero y restaure después esta cuenta.
conflict-not-empty = Esta base de datos ya contiene operadores. Cargue la demostración en una base vacía.
