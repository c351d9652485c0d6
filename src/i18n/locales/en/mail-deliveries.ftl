# Why this program, and not a mail server, ended a mail; and what cannot be done with one.
mail-reason-link-gone = The link in it was used, withdrawn or replaced, or it has expired.
mail-reason-operator-gone = The operator was suspended or deleted.
mail-reason-absence-gone = The absence was cancelled or changed, or answers no longer.
mail-reason-too-late = More than a day has passed: an automatic reply would only surprise.
mail-reason-by-hand = Somebody cancelled it.
mail-reason-stumbled = This mail could not be put together.
mail-reason-interrupted = Sending it was interrupted again and again.
conflict-mail-wiped = The link in this mail has been removed, so it cannot be sent again. Send a new invitation or ask for a new password instead.
conflict-mail-under-way = This mail is being sent, or it has been dealt with already.
