explain-title = Explain
explain-text = Who can receive, and why or why not: now, at any time to come, and at any time that is past.
explain-department = Department
explain-channel = Channel
explain-language = Language
explain-operator = Operator
explain-at = At (empty for now), { $zone }
explain-waiting = Has been waiting for
explain-seconds = seconds
explain-any-department = Any department
explain-any-channel = Any channel
explain-any-language = Any language
explain-ask = Explain
explain-clear = Start again
explain-live = Somebody can receive
explain-message = Nobody can receive: a message is taken
explain-closed = Nobody can receive
explain-receiving = { $count ->
    [one] 1 of { $asked } receives.
   *[other] { $count } of { $asked } receive.
}
explain-next-opening = Somebody will from
explain-stands-until = This stands until
explain-nobody = Nobody to tell about
explain-nobody-text = No operator was there, or the department has no members.
explain-receives = Receives
explain-rank = called in place
explain-until = until
explain-yes = yes
explain-no = no
explain-why = Explain
explain-passed = passed
explain-failed = failed
explain-set-by = Set by
explain-change = Change
explain-change-of = Change: { $check } of { $name }
explain-more = More operators were asked about than are told here. Choose a department or an operator.
explain-reason = { $check }: { $fact }
