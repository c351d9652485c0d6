intake-attachments = Attachments that were not kept: { $names }
error-unknown-recipient = This address belongs to no department and no operator.
error-not-a-message = This is no e-mail message.
