channel-ticket = Tickets
channel-chat = Chats
channel-call = Calls

error-slug = Use small letters, digits and single hyphens, such as customer-care
error-translation-of-default = This is the organisation’s language: the name itself stands for it
error-fallback-self = A department cannot stand in for itself. Choose another one
error-fallback-circle = Queries would go round in a circle: { $names }. Choose another department
error-department-full = { $department } is full: it has room for { $max } operators. Take somebody out first, or raise its limit
error-not-a-member = This operator is not in { $department }. Add them to it first
error-active-not-allowed = This operator may not work that channel in { $department }. Allow it first

departments-intro = Who works together, on which channels, and who stands in.
departments-add = Add department
departments-add-another = Save and add another
departments-search = Search departments
departments-count = { $count ->
    [one] 1 department
   *[other] { $count } departments
}
departments-none-title = No departments yet
departments-none = A department is a group of operators who answer the same queries, such as sales or technical support. Only its members see and take them.
departments-none-found-title = No department found
departments-none-found = No department has these words in its name.
departments-name = Name
departments-name-help = In the organisation’s language. Customers see it too.
departments-translate = Translate
departments-translations = Name in other languages
departments-slug = Short name
departments-slug-help = How programs name this department. Those that use the old one stop working when you change it.
departments-description = Description
departments-description-help = What it is for, for colleagues.
departments-department = Department
departments-any = Any department
departments-reached = How customers reach it
departments-email = E-mail
departments-email-help = The address customers write to. No automatic reply is ever sent to it.
departments-phone = Telephone line
departments-phone-help = The number customers call. Members who may take calls may show it when they call.
departments-lines = Telephone and e-mail
departments-channels = Channels
departments-channels-text = Tick what this department works, and to whom queries go first.
departments-no-channels = none
departments-no-channels-note = This department works no channel that the organisation uses. Tick one under “Department”.
departments-routing = Routing of { $channel }
departments-offer-seconds = Offer { $channel } for
departments-offer-help = A query is offered to one operator for this long, then to the next. With 0 it is assigned at once. Where all ring at once, the time is how long they ring.
departments-seconds = seconds
departments-ring-all = Ring all at once
departments-max-utilization = Max utilisation: fill one before the next
departments-average-utilization = Average utilisation: lowest load first
departments-round-robin = Round robin: in turn
departments-longest-idle = Longest idle first
departments-language-policy = Language of the visitor
departments-strict = Only operators with the language
departments-strict-help = Nobody without it is ever asked; the query waits or becomes a message.
departments-prefer = Operators with the language first
departments-prefer-help = After some seconds the others are asked too.
departments-ignore = The language does not matter
departments-ignore-help = Anybody in the department is asked.
departments-prefer-seconds = Ask the others after
departments-prefer-seconds-help = From 1 to 86400. It counts where operators with the language come first.
departments-people = People
departments-minimum-cover = Minimum cover
departments-minimum-cover-help = How many should be able to receive at any time within the hours. Fewer is shown as a gap.
departments-max-operators = Operators at most
departments-max-operators-help = Leave it empty for the organisation’s limit of { $count }. A limit below the present number only stops additions.
departments-fallback = Stands in
departments-fallback-help = The department that takes what nobody here can.
departments-no-fallback = No department
departments-danger = Danger zone
departments-delete = Delete department
departments-delete-help = You see what it means first, and choose where its members go.
departments-edit = Edit { $name }
departments-full = full
departments-empty = nobody
departments-new-text = A name is enough. Everything else can follow later.
departments-created = { $name } is added. Choose who works in it.
departments-saved = The changes to { $name } are saved.
departments-deleted = { $name } is deleted.
departments-sections = Sections of this department
departments-details = Department
departments-members = Members
departments-priority = Priority

departments-places = { $count } of { $limit } places are taken.
departments-nobody-title = Nobody works here yet
departments-nobody = Queries for this department find nobody until you add operators to it.
departments-add-people = Add operators
departments-add-help = They may work every channel of the department at once; change that above afterwards.
departments-add-chosen = Add the chosen ones
departments-added = { $count ->
    [one] One operator now works in { $department }.
   *[other] { $count } operators now work in { $department }.
}
departments-nobody-chosen = Tick at least one operator first.
departments-everybody = Everybody is in this department already.
departments-members-saved = The switches of the members are saved.
departments-left = { $name } is no longer in this department.
departments-operator = Operator
departments-allowed = May work
departments-active = Takes now
departments-allowed-for = { $name } may work { $channel }
departments-active-for = { $name } takes { $channel } now
departments-leave = Take { $name } out of { $department }
departments-join = Add { $name } to { $department }
departments-cell = { $channel } of { $name } in { $department }
departments-paused-cell = { $channel } of { $name } in { $department }, not taken now
departments-matrix = Assignment matrix
departments-matrix-text = Who may work what. Click a channel to allow or forbid it.
departments-legend-on = may work it and takes it
departments-legend-paused = may work it, but does not take it now
departments-legend-off = may not work it

departments-priority-text = The lowest number is asked first. It matters here for:
departments-priority-unheeded = None of the channels here is routed by Max or Average utilisation, so priority changes nothing in this department now.
departments-priority-nobody = Once operators work here, their order stands on this page.
departments-priority-of = Priority of { $name }
departments-priority-range = From { $first } to { $last }; equal numbers share a place. The number of an operator is the same in all departments.
departments-priority-saved = The priorities are saved. This is the order now.
departments-place = Place
departments-load = Chats at once

departments-deletion-title = Delete { $name }?
departments-deletion-nobody = Nobody works in it.
departments-deletion-members = { $count ->
    [one] One operator works in it:
   *[other] { $count } operators work in it:
}
departments-deletion-only = { $count ->
    [one] One of them is in no other department and would take nothing any more.
   *[other] { $count } of them are in no other department and would take nothing any more.
}
departments-deletion-fallback = It stands in for:
departments-deletion-audit = The audit log keeps its name. This cannot be undone.
departments-replacement = Move members, stand-ins and sites to
departments-replacement-help = The members work every channel there. It is refused where there is no room for all.
departments-no-replacement = Nowhere
departments-deletion-sites = Sites offer it:
error-open-queries = It has open queries. Choose the department that takes them
departments-deletion-queries = { $count ->
    [one] One open query goes to the department you choose below.
   *[other] { $count } open queries go to the department you choose below.
}
