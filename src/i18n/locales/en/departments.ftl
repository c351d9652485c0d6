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
