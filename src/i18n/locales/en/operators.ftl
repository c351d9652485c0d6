operators-add = Add operator
operators-search = Search by name, alias or e-mail
operators-count = { $count ->
    [one] 1 operator
   *[other] { $count } operators
}
operators-any-role = Any role
operators-any-language = Any language
operators-any-state = Any state
operators-name-column = Name
operators-created = Added
operators-last-sign-in = Last sign-in
operators-never = never
operators-edit = Edit { $name }
operators-none-title = No operators yet
operators-none = Operators are the people who answer customers. Add the first one: they get an e-mail with a link to set their password.
operators-none-found-title = Nobody found
operators-none-found = Nobody matches the search and the filters together.

operators-state = State
operators-state-invited = Invited
operators-state-expired = Invitation expired
operators-state-delivery-failed = Mail not delivered
operators-state-active = Active
operators-state-suspended = Suspended

operators-sections = Sections of this operator
operators-profile = Profile
operators-languages = Languages
operators-advanced = Advanced
operators-applications = Applications
operators-history = History

operators-new-text = Only these are needed now. Everything else can follow later.
operators-person = Person
operators-account = Account
operators-region = Time and language
operators-name = Full name
operators-name-help = As colleagues know them.
operators-alias = Alias
operators-alias-help = Customers see this name instead of the full one.
operators-email = E-mail
operators-email-help = To sign in with, and for messages from Onduty.
operators-current-password = Your password
operators-current-password-help = Only to change the e-mail: you typed it more than five minutes ago. Leave it empty otherwise.
operators-notification-email = Personal notification e-mail
operators-notification-email-help = For notices while away from work. It must differ from the sign-in e-mail.
operators-role = Role
operators-role-help = The role decides what they may see and do. You can give only what you hold yourself.
operators-phone = Telephone
operators-phone-help = With the country code, such as +33 1 99 00 12 34.
operators-time-zone = Time zone
operators-as-organisation = As the organisation ({ $value })
operators-locale = Interface language
operators-as-browser = As the browser asks
operators-way-in = The way in
operators-way-in-text = They get an e-mail with a link to set their password. The link is valid for { $validity }.
operators-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
operators-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
operators-initial-password-open = Set an initial password instead
operators-initial-password-text = No e-mail is sent then. Hand the password over yourself; it must be changed at the first sign-in.
operators-initial-password = Initial password
operators-initial-password-help = { $count ->
    [one] At least 1 character.
   *[other] At least { $count } characters.
}
operators-initial-password-again = Initial password again
operators-save-new = Add operator
operators-save-another = Save and add another
operators-invited = { $name } is added. An invitation to { $email } is on its way.
operators-added = { $name } is added and can sign in with the initial password.
operators-saved = The changes to { $name } are saved.
operators-unsaved = Unsaved changes

operators-job-position = Job position
operators-job-position-help = In { $language }, the language of the organisation.
operators-translate = Translate
operators-missing = missing
operators-untranslated = The job position is missing in: { $languages }. Customers who use these languages see no job position.
operators-untranslated-link = Translate it
operators-photo = Photo
operators-photo-trust = A real photo builds more trust than a drawing or an initial.
operators-photo-own = Your own picture
operators-photo-help = PNG, JPEG or WebP, at most 2 MB. It is cut to a square.
operators-photo-remove = Remove the uploaded photo
operators-preset = Preset picture
operators-preset-legend = Or a preset picture
operators-preset-none = No picture, only the initial
operators-preset-bear = Bear
operators-preset-bee = Bee
operators-preset-bun = Person with a bun
operators-preset-cactus = Cactus
operators-preset-cat = Cat
operators-preset-curls = Person with curls
operators-preset-fox = Fox
operators-preset-frog = Frog
operators-preset-leaf = Leaf
operators-preset-mushroom = Mushroom
operators-preset-owl = Owl
operators-preset-panda = Panda
operators-preset-penguin = Penguin
operators-preset-rabbit = Rabbit
operators-preset-sunflower = Sunflower
operators-preset-whale = Whale
operators-fixed = Set by your organisation
operators-fixed-text = Your role does not allow you to change these. Ask an administrator.

operators-lower-title = You are about to lose rights
operators-lower-text = You are changing your own role to { $role }.
operators-lower-lost = You lose rights that you hold now, and you cannot give them back to yourself.
operators-lower-out = You are signed out everywhere at once and sign in again with the new role.
operators-lower-do = Change my role

operators-language = Language
operators-languages-title = Assistance languages
operators-languages-text = The languages in which customers are helped, the best one first. A customer who asks for es-MX is served by es-MX, else by es.
operators-languages-none-title = The organisation has no languages yet
operators-languages-none = An administrator switches languages on first.
operators-languages-pick = Assists in it
operators-languages-place = Order
operators-languages-saved = The languages of { $name } are saved.
operators-language-up = Move { $language } up
operators-language-down = Move { $language } down
operators-language-off = switched off

operators-advanced-note = Onduty keeps these values. Your chat and telephone systems read them over the JSON API and act on them.
operators-theme = Theme
operators-theme-help = How Onduty looks to this operator.
operators-theme-system = As the system
operators-theme-bright = Bright
operators-theme-dark = Dark
operators-capacity = Capacity and order
operators-max-chat-load = Chats at the same time
operators-max-chat-load-help = 0 means none. Leave it empty for no limit.
operators-chats-unit = chats
operators-no-limit = no limit
operators-priority = Priority
operators-priority-help = The lowest number comes first, where a system goes by priority.
operators-waiting = Automatic status change
operators-no-answer-minutes = Offline after no answer
operators-no-answer-minutes-help = When a new message waits this long for an answer. Leave it empty for never.
operators-idle-minutes = Not available after no activity
operators-idle-minutes-help = After so many minutes without activity in the panel, the status after a lost panel is put on; the next activity brings the former one back. Leave it empty for never.
operators-minutes-unit = minutes
operators-wishes = Ways of working
operators-help-when-invisible = Help out while invisible
operators-help-when-invisible-help = Joins in when a customer has waited too long.
operators-presence-required = A live panel is needed to receive
operators-presence-required-help = Who receives goes offline automatically after the time in the settings without an open panel. Switch it off for desk phones, which are always there.
operators-classify-after = Ask to classify each contact after it ends
operators-classify-after-help = Asks for a category and a note.
operators-do-not-disturb = Do not disturb
operators-may-change-departments = May change own departments
operators-to-solve-only = Replies only through “To solve”
operators-yes = yes
operators-no = no

operators-devices-title = Where this account is signed in
operators-devices-own = Sign out whatever you do not recognise, then change your password.
operators-devices-text = The browsers in which { $name } is signed in now.
operators-devices-none-title = Signed in nowhere
operators-devices-none = A browser appears here as soon as somebody signs in with this account.
operators-device-column = Browser
operators-device = { $browser } on { $system }
operators-device-unknown = Unknown browser
operators-this-device = this one
operators-address = Address
operators-signed-in = Signed in
operators-last-used = Last used
operators-end-session = Sign out
operators-end-session-of = Sign out { $device }
operators-end-all-title = Sign out everywhere
operators-end-all-own = Every other browser has to sign in again. You stay signed in here.
operators-end-all-text = Every browser of this operator has to sign in again.
operators-end-all = Sign out everywhere
operators-session-ended = { $name } is signed out there.
operators-sessions-ended = { $name } is signed out everywhere else.

operators-history-title = What was done to this account
operators-history-none-title = Nothing yet
operators-history-none = Every change of this account is listed here, with the values before and after.
operators-did-created = added the account
operators-did-changed = changed the account
operators-did-photo-changed = changed the photo
operators-did-suspended = suspended the account
operators-did-reactivated = reactivated the account
operators-did-deleted = deleted the account
operators-did-restored = restored the account
operators-did-invited = sent an invitation
operators-did-invitation-link = made an invitation link
operators-did-invitation-revoked = revoked the invitation
operators-did-invitation-accepted = accepted the invitation
operators-did-password-changed = changed the password
operators-did-session-opened = signed in
operators-did-session-ended = signed the account out

operators-deeds = Actions
operators-invite-again = Send the invitation again
operators-invited-again = A new invitation to { $email } is on its way. The link sent before is void.
operators-copy-link = Copy the link
operators-copy-link-help = A new link to hand over yourself. The link sent before is void.
operators-revoke = Revoke the invitation
operators-revoked = The invitation to { $email } is revoked. Its link no longer works.
operators-suspend = Suspend
operators-suspend-help = Signs them out and keeps them out until you reactivate the account.
operators-suspended = Suspended
operators-now-suspended = { $name } is suspended and signed out everywhere.
operators-reactivate = Reactivate
operators-now-reactivated = { $name } is reactivated.
operators-delivery-failed = The invitation could not be delivered.
operators-delivery-failed-text = Check the address, then send the invitation again. The mail server said:
operators-link-title = Invitation link
operators-link = Link
operators-link-text = Give this link to { $name }. It leads to the page where they set their password.
operators-link-once = The link is shown only now. If you lose it, make a new one.
operators-link-copy = Copy
operators-link-copied = Copied
operators-link-copy-failed = Press Ctrl+C to copy the marked link.
operators-link-done = Done

operators-delete-ask = Delete…
operators-delete-title = Delete { $name }?
operators-delete-text = This is what happens:
operators-delete-sessions = { $count ->
    [0] They can no longer sign in. They are signed in nowhere now.
    [one] They are signed out of 1 browser and can no longer sign in.
   *[other] They are signed out of { $count } browsers and can no longer sign in.
}
operators-delete-invitation = The link of their invitation no longer works.
operators-delete-email = { $email } becomes free for another operator.
operators-delete-audit = The audit log keeps their name.
operators-delete-undo = You can undo this for 30 days.
operators-delete-do = Delete operator
operators-deleted-title = { $name } is deleted
operators-deleted-since = Deleted
operators-deleted-until = You can undo it until
operators-restore = Undo the deletion
operators-restored = { $name } is back. If they never accepted an invitation, send a new one.
operators-to-list = To the list of operators
operators-did-departments-changed = changed the departments
operators-taken-channels = Channels taken now
operators-departments = Departments
operators-signatures = Signatures

operators-departments-title = Where they work and what they take
operators-departments-text = “May work” is the administrator’s word; “Takes now” is the operator’s own. Only both together let queries through.
operators-no-departments-title = In no department yet
operators-no-departments = Without a department nothing can be taken. Ask an administrator to add one.
operators-in-it = In it
operators-departments-saved = The departments of { $name } are saved.
operators-departments-options = Options
operators-may-change-departments-help = They may join and leave departments and choose what they work there.
operators-to-solve-only-help = They get tickets one after the other and cannot pick from the list.
operators-save-options = Save options
operators-caller-ids = Numbers to call from
operators-caller-ids-help = What may be shown to whom this operator calls: their own number, and those of departments in which they may work calls.
operators-caller-id-own = Own number

operators-signatures-general = General signature
operators-signatures-text = It stands wherever a template holds {"{"}$agentSignature{"}"} and the department has no signature of its own.
operators-signature = Signature
operators-signature-help = Plain text, at most 2,000 characters.
operators-signature-html = HTML signature
operators-signature-html-help = For helpdesks that send HTML. Scripts, styles and frames are taken out when you save.
operators-signature-looks = How the HTML signature looks
operators-no-signature = No signature yet.
operators-signatures-departments = Signatures by department
operators-signatures-departments-text = Leave one empty to use the general signature there.
operators-save-signatures = Save signatures
operators-signatures-saved = The signatures of { $name } are saved.
operators-delete-alone = Nobody else works in: { $departments }. Queries for these departments find nobody then.
operators-restored-without = { $name } is back, but no longer in { $departments }, which was filled meanwhile.
operators-status = Status
operators-any-status = Any status
operators-status-switch = Switch status
operators-status-since = since
operators-status-until = until
operators-status-for = For
operators-status-for-ever = Until the next switch
operators-status-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
operators-status-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
operators-status-switched = { $name } is now { $status }.
operators-delete-queries = { $count ->
    [one] One open query goes to whom you choose below.
   *[other] { $count } open queries go to whom you choose below.
}
operators-heir = Who inherits the open queries
operators-heir-help = Whoever cannot take them now passes them on to the department.
operators-heir-none = Their departments
operators-programs-title = Phones and programs
operators-programs-text = They say over the API that the operator is there. What is silent for longer than the window of the settings counts no more.
operators-program = Program
operators-program-since = There since
operators-program-heard = Last heard
operators-program-here = Counts now
operators-contact = Contact page
operators-contact-text = Customers who come by this link write to { $name }, in the languages they assist in. Anybody else writes to the department.
