conflict-last-owner = This is the last active owner. Make somebody else an owner first, then try again.
conflict-oneself = You cannot suspend or delete your own account. Ask another administrator to do it.
conflict-email-taken = Another operator uses this e-mail address now. Change that one first, then restore this account.
conflict-not-empty = There are operators in this database already. Load the demonstration into an empty one.
