shell-skip = Skip to content
shell-menu = Menu
shell-navigation = Main
shell-search = Search
shell-search-help = Search operators, departments, sites and pages
shell-account = Your account
shell-profile = Your profile
shell-password = Change password
shell-sessions = Where you are signed in
shell-sign-out = Sign out
shell-breadcrumb = You are here
shell-dismiss = Dismiss
shell-failed = That did not work. Try again.
# {count} is filled in by a script, not by Fluent.
shell-palette-found = {"{"}count{"}"} results
shell-palette-failed = The search did not answer. Try again.
shell-palette-results = Results
shell-palette-move = to move
shell-palette-open = to open
nav-people = People
nav-settings = Settings
nav-operators = Operators
nav-roles = Roles
nav-languages = Languages
nav-organisation = Organisation
nav-templates = Mail templates
nav-mail = Mail
nav-auto-replies = Automatic replies
nav-api-keys = API keys
nav-audit = Audit log
role-owner = Owner
role-admin = Admin
role-supervisor = Supervisor
role-agent = Agent
form-errors = { $count ->
    [one] One answer needs another look
   *[other] { $count } answers need another look
}
form-required = required
form-show-password = Show password
form-save = Save changes
form-cancel = Cancel
error-page-home = Go to the start
error-page-reference = Reference
error-page-400-title = This request could not be read
error-page-400 = Something in the request is malformed. Go back and try again.
error-page-403-title = You may not do this
error-page-403 = Your role lacks the permission { $right }. Ask an administrator if you need it.
error-page-404-title = This page is not here
error-page-404 = It may have been deleted, or the address has a typing error.
error-page-409 = It has changed since you opened it. Open it again and repeat your change.
error-page-conflict-title = This cannot be done now
error-page-413-title = This is too large
error-page-413 = What was sent is larger than what is taken here. Shorten the text, or choose a smaller file, and send it again.
error-page-429-title = Too many tries
error-page-429 = { $count ->
    [one] Wait a minute, then try again.
   *[other] Wait { $count } minutes, then try again.
}
error-page-500-title = Something went wrong on our side
error-page-500 = Nothing was changed. Try again; if it happens again, give the reference below to whoever runs this server.
error-page-503-title = Onduty cannot answer right now
error-page-503 = The database does not answer or has no room left. Nothing was changed. Try again in a moment.
error-page-forged-title = This form is no longer valid
error-page-forged = You may have signed in or out in another tab since you opened it. Go back, reload the page and send it again.
nav-departments = Departments
nav-availability = Availability
nav-statuses = Statuses
shell-status = Your status: { $name }
nav-panel = Panel
nav-explain = Explain
