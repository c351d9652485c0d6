# {count} is filled in by a script, not by Fluent.
bulk-said = {"{"}count{"}"} chosen
bulk-chosen = chosen
bulk-choose = Choose { $name }
bulk-choose-page = Choose everybody on this page
bulk-choose-nobody = Choose nobody
bulk-all = { $count ->
    [one] The one operator of this list
   *[other] All { $count } operators of this list
}
bulk-nobody = Choose at least one operator first.
bulk-suspend = Suspend…
bulk-reactivate = Reactivate
bulk-invite = Send the invitation again
bulk-priority = Set priority…
bulk-department = Add to a department…

bulk-deed-suspend = Suspend operators
bulk-deed-reactivate = Reactivate operators
bulk-deed-invite = Send invitations again
bulk-deed-priority = Set the priority
bulk-deed-department = Add to a department
bulk-ask-suspend = { $count ->
    [0] Nobody can be suspended
    [one] Suspend 1 operator?
   *[other] Suspend { $count } operators?
}
bulk-ask-reactivate = { $count ->
    [0] Nobody is to be reactivated
    [one] Reactivate 1 operator?
   *[other] Reactivate { $count } operators?
}
bulk-ask-invite = { $count ->
    [0] Nobody can be invited
    [one] Send 1 invitation again?
   *[other] Send { $count } invitations again?
}
bulk-ask-priority = { $count ->
    [0] No priority can be set
    [one] Set the priority of 1 operator
   *[other] Set the priority of { $count } operators
}
bulk-ask-department = { $count ->
    [0] Nobody can be added
    [one] Add 1 operator to a department
   *[other] Add { $count } operators to a department
}
bulk-means-suspend = They are signed out everywhere, links in their mails no longer work, and they stay out until you reactivate them.
bulk-means-reactivate = They can sign in again. Those who never accepted an invitation need a new one.
bulk-means-invite = Each gets a mail with a new link. The links sent before are void.
bulk-means-priority = All of them get the same number.
bulk-means-department = They join with every channel that the department works. A full department takes nobody more; whoever finds no place is told in the report.
bulk-left-out = { $count ->
    [one] 1 operator is left out. The reason is below.
   *[other] { $count } operators are left out. The reasons are below.
}
bulk-needless = { $count ->
    [one] 1 operator is as you wish already.
   *[other] { $count } operators are as you wish already.
}
bulk-do-suspend = { $count ->
    [one] Suspend 1 operator
   *[other] Suspend { $count } operators
}
bulk-do-reactivate = { $count ->
    [one] Reactivate 1 operator
   *[other] Reactivate { $count } operators
}
bulk-do-invite = { $count ->
    [one] Send 1 invitation
   *[other] Send { $count } invitations
}
bulk-do-priority = { $count ->
    [one] Set it for 1 operator
   *[other] Set it for { $count } operators
}
bulk-do-department = { $count ->
    [one] Add 1 operator
   *[other] Add { $count } operators
}
bulk-done = { $count ->
    [0] Nothing was changed.
    [one] Done for 1 operator.
   *[other] Done for { $count } operators.
}

bulk-outcome-waiting = To do
bulk-outcome-done = Done
bulk-outcome-same = Nothing to do
bulk-outcome-refused = Left out
bulk-reason-above = Your role does not reach this far: this operator may do what you may not
bulk-reason-already-active = Has accepted an invitation already
bulk-reason-gone = Was deleted meanwhile
bulk-reason-last-owner = Is the last active owner
bulk-reason-oneself = This is your own account
bulk-reason-suspended = Is suspended. Reactivate first
bulk-reason-too-soon = Was invited less than a minute ago, or five times within a day
bulk-reason-department-full = { $department } is full: { $max } operators at most
bulk-reason-unknown-choice = What was chosen was deleted meanwhile

run-tabs = Rows by outcome
run-line = Line
run-operator = Operator
run-outcome = Outcome
run-details = Details
run-download = Download the report
run-back = To the list
run-progress = { $done } of { $total } rows
run-refreshes = This page looks again by itself. You may leave it: the work goes on.
run-kept = The report is kept for a day.
run-failed-right = Nothing more was done, since you may no longer manage operators.
run-failed-file = The columns of the file no longer fit, since a language was deleted. Choose the file again.
run-failed-interrupted = This was interrupted several times and is given up. What was done until then stays; try the rest again.
conflict-nobody-chosen = Choose at least one operator first.
bulk-schedule = Set schedule…
bulk-deed-schedule = Set the schedule
bulk-ask-schedule = { $count ->
    [one] Set the schedule of 1 operator?
   *[other] Set the schedule of { $count } operators?
}
bulk-means-schedule = All of them follow the same office hours. Whoever had hours of their own keeps them unused.
bulk-do-schedule = { $count ->
    [one] Set the schedule of 1 operator
   *[other] Set the schedule of { $count } operators
}
bulk-no-schedule = No schedule: always within hours
