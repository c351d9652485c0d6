categories-title = Categories
categories-intro = What closed queries were about. Operators choose one when they classify a query.
categories-add = Add category
categories-name = Name
categories-name-help = In the organisation’s language, such as Delivery or Payment.
categories-uses = Queries
categories-edit = Edit { $name }
categories-empty-title = No categories yet
categories-empty = With a few categories, operators can say after each contact what it was about, and you see what people ask most.
categories-created = { $name } is added.
categories-saved = { $name } is saved.
categories-placed = { $name } has moved.
categories-deleted = { $name } is deleted.
categories-danger = Take it off the list
categories-delete = Delete category
categories-delete-help = Nobody can choose it any more.
categories-deletion-title = Delete the category { $name }?
categories-deletion-uses = { $count ->
    [one] 1 query loses it and keeps its note.
   *[other] { $count } queries lose it and keep their notes.
}
categories-deletion-unused = No query was classified under it.
categories-deletion-log = The audit log keeps its name.
audit-object-category = Category
audit-action-category-created = Category added
audit-action-category-changed = Category changed
audit-action-category-deleted = Category deleted
