import-open = Import
import-export = Export as CSV
import-title = Import operators
import-title-preparing = The file is being checked
import-title-asked = Check before you import
import-title-running = The operators are being imported
import-title-done = The operators are imported
import-title-failed = The import was given up
import-text = Add and change many operators with a CSV file. First you see row by row what it would do.
import-example = Download an example
import-file = CSV file
import-file-help = UTF-8, separated by commas, semicolons or tabs, with the names of the columns in the first line. { $rows } rows at most.
import-invite = Send invitations now
import-invite-help = Everybody who is added gets a mail with a link to set their password. Otherwise send the mail later, or copy the link.
import-check = Check the file
import-columns = Columns
import-columns-text = The e-mail finds the operator; an unknown one adds somebody. A column that is missing changes nothing. An empty cell clears what may be empty and leaves everything else as it is.
import-column = Column
import-meaning = Meaning
import-about-name = Full name.
import-about-email = The sign-in address. It finds the operator and is never changed by a file.
import-about-alias = The name that customers see.
import-about-notification-email = Personal address for notices, other than the sign-in address.
import-about-role = owner, admin, supervisor, agent, or the short name of a role of your own. Without it, new operators are agents.
import-about-job-position = In the language of the organisation. For others add their tag:
import-about-phone = With the country code, such as +33 1 99 00 12 34.
import-about-time-zone = Such as Europe/Paris. Empty follows the organisation.
import-about-locale = Interface language: en, fr or es. Empty follows the browser.
import-about-theme = system, bright or dark.
import-about-languages = Tags of the assistance languages, best first, such as es;fr.
import-about-departments = Short names of the departments, such as support;sales. They take the place of those the operator is in.
import-about-max-chat-load = Chats at the same time: 0 is none, empty is no limit.
import-about-priority = 1 to 999. The lowest number comes first.
import-about-do-not-disturb = Takes no calls: true or false, as in all columns below that are switches.
import-about-presence-required = A live panel is needed to receive.
import-about-help-when-invisible = Helps out while invisible.
import-about-no-answer-minutes = Offline after so many minutes without an answer. Empty is never.
import-about-idle-minutes = Not available after so many minutes without activity. Empty is never.
import-about-classify-after = Is asked to classify each contact after it ends.
import-about-may-change-departments = May change their own departments.
import-about-to-solve-only = Replies only through “To solve”.
import-about-state = Told by the export for people to read. The import passes it over.

import-asked-text = Nothing has been changed yet. All rows are imported together, or none.
import-changed = Nothing was imported: operators have changed since you looked. This is what the file would do now.
import-refused = { $count ->
    [one] 1 row cannot be imported, so nothing is. Correct it in your file, then choose the file again.
   *[other] { $count } rows cannot be imported, so nothing is. Correct them in your file, then choose the file again.
}
import-needless = Every operator is already as the file says. There is nothing to import.
import-creates = { $count ->
    [one] 1 operator is added.
   *[other] { $count } operators are added.
}
import-invites = Invitations are mailed at once.
import-invites-not = No invitations are mailed.
import-changes = { $count ->
    [one] 1 operator is changed.
   *[other] { $count } operators are changed.
}
import-do = { $count ->
    [one] Import 1 operator
   *[other] Import { $count } operators
}
import-another = Choose another file
import-writing = { $count ->
    [one] 1 operator is being written.
   *[other] { $count } operators are being written: all of them or none.
}
import-done = { $count ->
    [one] 1 operator was imported.
   *[other] { $count } operators were imported.
}
import-outcome-create = New
import-outcome-change = Changed
import-outcome-same = Unchanged
import-outcome-refused = Refused

error-csv-encoding = Line { $line } is not UTF-8. Save the file as “CSV UTF-8” and choose it again
error-csv-empty = Choose a file that holds something: this one is empty
error-csv-no-rows = Write at least one operator below the names of the columns
error-csv-too-many-rows = Split the file: it may hold { $max } rows at most
error-csv-unreadable = This file cannot be read as CSV. Save it anew from your spreadsheet
error-csv-missing-column = Line 1: the column “{ $column }” is missing
error-csv-unknown-column = Line 1: the name of column { $place }, “{ $column }”, is none of those below
error-csv-same-column = Line 1: the column “{ $column }” stands there twice
error-csv-cells = This line has { $found } cells, the first line { $expected }. Put a cell that holds a separator in quotation marks
error-yes-or-no = Write true or false
error-departments-right = Your role may not change who is in which department
error-email-twice = This e-mail stands in line { $line } already
error-above-me = This operator may do what you may not, so you cannot change them
error-role-above-me = This role may do what you may not, so you cannot give it
error-own-role = You cannot change your own role with a file
error-last-owner = This is the last active owner
conflict-import-refused = Some rows cannot be imported, or there is nothing to import. Look at the report again.
