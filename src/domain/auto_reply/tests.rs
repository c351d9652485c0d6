use proptest::prelude::*;

use super::*;

/// Facts that own what they tell, so that a case changes one of them.
#[derive(Clone, Debug)]
struct Case {
    absence: Option<Absence>,
    is_mail: bool,
    is_automatic: bool,
    sender: Option<String>,
    subject: String,
    message_id: Option<String>,
    headers: Vec<(String, String)>,
    received_at: DateTime<Utc>,
    is_own: bool,
    is_deputy: bool,
    history: History,
    is_transferred: bool,
    email_interval_days: u32,
}

fn now() -> DateTime<Utc> {
    "2031-03-03T12:00:00Z".parse().unwrap()
}

/// A mail of a person to somebody absent: it is answered.
fn mail() -> Case {
    let headers = [("From", "Ada <ada@example.org>"), ("To", "Support <support@ours.example>"), ("Message-ID", "<1@example.org>")];
    Case {
        absence: Some(Absence { auto_reply: true, frequency: Frequency::EveryQuery, has_text: true }),
        is_mail: true,
        is_automatic: false,
        sender: Some("ada@example.org".to_owned()),
        subject: "A question".to_owned(),
        message_id: Some("<1@example.org>".to_owned()),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        received_at: now(),
        is_own: false,
        is_deputy: false,
        history: History::default(),
        is_transferred: false,
        email_interval_days: 1,
    }
}

/// The same by the contact page.
fn form() -> Case {
    Case { is_mail: false, message_id: None, headers: Vec::new(), ..mail() }
}

impl Case {
    fn judged(&self) -> Verdict {
        let recipients = ["mia@ours.example".to_owned(), "support@ours.example".to_owned()];
        judge(&Facts {
            absence: self.absence,
            query: Incoming {
                is_mail: self.is_mail,
                is_automatic: self.is_automatic,
                sender: self.sender.as_deref(),
                subject: &self.subject,
                message_id: self.message_id.as_deref(),
                headers: &self.headers,
                received_at: self.received_at,
            },
            addresses: Addresses { recipients: &recipients, is_own: self.is_own, is_deputy: self.is_deputy, host: "onduty.example" },
            history: self.history,
            is_transferred: self.is_transferred,
            email_interval_days: self.email_interval_days,
            now: now(),
        })
    }

    fn with(mut self, name: &str, value: &str) -> Case {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn from(mut self, sender: &str) -> Case {
        self.sender = Some(sender.to_owned());
        self
    }

    fn after(mut self, history: History) -> Case {
        self.history = history;
        self
    }

    fn to(mut self, value: &str) -> Case {
        self.headers.retain(|(name, _)| name != "To");
        self.with("To", value)
    }

    fn often(mut self, frequency: Frequency) -> Case {
        self.absence = Some(Absence { auto_reply: true, frequency, has_text: true });
        self
    }
}

/// What is withheld by a rule, with what differs from it by little and is answered.
fn table() -> Vec<(Rule, Reason, Case, Case)> {
    let absent = |auto_reply, has_text| Some(Absence { auto_reply, frequency: Frequency::EveryQuery, has_text });
    let last = |ago| History { last: Some(now() - ago), ..History::default() };
    let (day, second) = (TimeDelta::days(1), TimeDelta::seconds(1));
    let none = History::default();
    vec![
        (Rule::N1, Reason::NotAbsent, Case { absence: None, ..mail() }, mail()),
        (Rule::N1, Reason::Off, Case { absence: absent(false, true), ..mail() }, mail()),
        (Rule::N1, Reason::Off, Case { absence: absent(true, false), ..form() }, form()),
        (Rule::N2, Reason::Duplicate, mail().after(History { was_judged: true, ..none }), mail().after(none)),
        (Rule::N3, Reason::NoAddress, Case { sender: None, ..mail() }, mail()),
        (Rule::N3, Reason::NoAddress, mail().from("ada@example"), mail().from("ada@shop.example")),
        (Rule::N3, Reason::NoAddress, form().from("ada\u{7}@example.org"), form().from(" ada@example.org ")),
        (
            Rule::N3,
            Reason::NoAddress,
            mail().from(&format!("{}@example.org", "a".repeat(65))),
            mail().from(&format!("{}@example.org", "a".repeat(64))),
        ),
        (Rule::N3, Reason::Bounce, mail().with("Return-Path", " < > "), mail().with("Return-Path", "<ada@example.org>")),
        (
            Rule::N4,
            Reason::Automatic,
            mail().with("auto-submitted", "Auto-Replied; x=y"),
            mail().with("Auto-Submitted", "(by hand) No; x=y"),
        ),
        (
            Rule::N4,
            Reason::Automatic,
            mail().with("Auto-Submitted", "no").with("Auto-Submitted", "auto-generated"),
            mail().with("Auto-Submitted", "no"),
        ),
        (Rule::N4, Reason::Automatic, mail().with("Auto-Submitted", ""), mail()),
        (Rule::N4, Reason::Automatic, Case { is_automatic: true, ..form() }, form()),
        (Rule::N5, Reason::List, mail().with("List-Id", ""), mail().with("X-List-Ident", "ducks")),
        (Rule::N5, Reason::List, mail().with("LIST-UNSUBSCRIBE", "<https://x.example>"), mail().with("Listing", "x")),
        (Rule::N6, Reason::List, mail().with("Precedence", "Bulk"), mail().with("Precedence", "first-class")),
        (Rule::N6, Reason::List, mail().with("X-Precedence", " junk "), mail().with("X-Precedence", "urgent")),
        (Rule::N6, Reason::Automatic, mail().with("Precedence", "auto_reply"), mail().with("Precedence", "special-delivery")),
        (
            Rule::N7,
            Reason::Automatic,
            mail().with("X-Auto-Response-Suppress", "DR, oof"),
            mail().with("X-Auto-Response-Suppress", "DR, RN, NRN"),
        ),
        (Rule::N7, Reason::Automatic, mail().with("X-Auto-Response-Suppress", "All"), mail().with("X-Auto-Response-Suppress", "None")),
        (Rule::N8, Reason::Automatic, mail().with("X-Autoreply", "yes"), mail().with("X-Mailer", "x")),
        (Rule::N8, Reason::Automatic, mail().with("X-Loop", "onduty.example"), mail().with("X-Looping", "x")),
        (
            Rule::N9,
            Reason::Bounce,
            mail().with("Content-Type", "multipart/report; report-type=delivery-status"),
            mail().with("Content-Type", "multipart/mixed"),
        ),
        (Rule::N9, Reason::Bounce, mail().with("X-Failed-Recipients", "x@example.org"), mail().with("Content-Type", "text/plain")),
        (Rule::N10, Reason::NoReplyAddress, mail().from("No-Reply@example.org"), mail().from("nora@example.org")),
        (
            Rule::N10,
            Reason::NoReplyAddress,
            mail().from("SRS0=HHH=TT=example.org=mailer-daemon@fwd.example"),
            mail().from("SRS0=HHH=TT=example.org=ada@fwd.example"),
        ),
        (
            Rule::N10,
            Reason::NoReplyAddress,
            mail().with("Return-Path", "<bounces+12@mailer.example>"),
            mail().with("Return-Path", "<prvs=12=ada@example.org>"),
        ),
        (Rule::N11, Reason::OwnAddress, Case { is_own: true, ..mail() }, mail()),
        (Rule::N12, Reason::MissingHeaders, Case { headers: Vec::new(), ..mail() }, Case { headers: Vec::new(), ..form() }),
        (Rule::N12, Reason::NotAddressed, mail().to("Else <else@ours.example>"), mail().to("Else <else@ours.example>, MIA@ours.example")),
        (
            Rule::N12,
            Reason::NotAddressed,
            mail().to("\"mia@ours.example\" <else@ours.example>"),
            mail().to("else@ours.example").with("Resent-Cc", "mia+shop@ours.example"),
        ),
        (Rule::N13, Reason::Late, Case { received_at: now() - day - second, ..form() }, Case { received_at: now() - day, ..form() }),
        (Rule::N13, Reason::List, mail().with("X-Spam-Flag", "YES"), mail().with("X-Spam-Flag", "NO")),
        (
            Rule::N14,
            Reason::Frequency,
            form().often(Frequency::Daily).after(last(day - second)),
            form().often(Frequency::Daily).after(last(day)),
        ),
        (Rule::N14, Reason::Frequency, form().often(Frequency::Once).after(last(day * 300)), form().often(Frequency::Once).after(none)),
        (Rule::N14, Reason::Frequency, mail().after(last(day - second)), form().after(last(day - second))),
        (
            Rule::N14,
            Reason::Frequency,
            Case { email_interval_days: 30, ..mail() }.after(last(day * 29)),
            Case { email_interval_days: 0, ..mail() }.after(last(second)),
        ),
        (Rule::N15, Reason::Cap, form().after(History { lately: 3, ..none }), form().after(History { lately: 2, ..none })),
        (Rule::N15, Reason::Cap, form().after(History { daily: 10, ..none }), form().after(History { daily: 9, ..none })),
        (Rule::N15, Reason::Cap, form().after(History { hourly: 300, ..none }), form().after(History { hourly: 299, ..none })),
        (Rule::N16, Reason::Suppressed, mail().after(History { is_suppressed: true, ..none }), mail()),
        (Rule::N17, Reason::FollowUp, form().after(History { in_conversation: true, ..none }), form()),
        (Rule::N18, Reason::Transferred, Case { is_transferred: true, ..mail() }, mail()),
        (Rule::N18, Reason::Transferred, Case { is_deputy: true, ..mail() }, mail()),
        (
            Rule::N19,
            Reason::Automatic,
            Case { message_id: Some("<autoreply.7.ab@onduty.example>".to_owned()), ..mail() },
            Case { message_id: Some("<autoreply.7.ab@else.example>".to_owned()), ..mail() },
        ),
        (
            Rule::N19,
            Reason::Automatic,
            Case { subject: "Out of office: Re: x".to_owned(), ..mail() }
                .with("References", "<0@example.org> <autoreply.7.ab@onduty.example>"),
            Case { subject: "Re: Auto: away".to_owned(), ..mail() }.with("References", "<0@example.org> <autoreply.7.ab@onduty.example>"),
        ),
        (Rule::N20, Reason::NoAddress, Case { sender: None, ..form() }, form()),
    ]
}

#[test]
fn each_rule_withholds_what_it_names_and_lets_its_neighbour_pass() {
    for (rule, reason, withheld, answered) in table() {
        assert_eq!(withheld.judged(), Verdict::Withheld(rule, reason), "{withheld:#?}");
        assert_eq!(answered.judged(), Verdict::Send, "{rule:?} {answered:#?}");
    }
}

#[test]
fn every_rule_and_every_reason_is_in_the_table_and_in_its_order() {
    let table = table();
    for rule in Rule::ALL {
        assert!(table.iter().any(|(known, ..)| *known == rule), "{rule:?}");
    }
    for reason in Reason::ALL {
        assert!(table.iter().any(|(_, known, ..)| *known == reason), "{reason:?}");
    }
    assert_eq!(RULES.map(|(rule, _)| rule), Rule::ALL);
}

/// Every value that QUALITY 1.4 names, written out here once more, each with a header beside it that is nobody's mark: with the one a
/// mail is withheld by the rule, with the other it is answered.
#[test]
fn each_value_that_a_rule_names_counts_by_itself_and_its_neighbour_does_not() {
    let mut cases: Vec<(Rule, Reason, [String; 2], [String; 2])> = Vec::new();
    let mut add = |rule, reason, [name, value]: [&str; 2], [near, other]: [&str; 2]| {
        for (value, other) in
            [(value.to_owned(), other.to_owned()), (format!(" {} ", value.to_ascii_uppercase()), other.to_ascii_uppercase())]
        {
            cases.push((rule, reason, [name.to_owned(), value.clone()], [near.to_owned(), other.clone()]));
            cases.push((rule, reason, [name.to_ascii_lowercase(), value], [near.to_ascii_lowercase(), other]));
        }
    };
    for name in ["List-Id", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Post", "List-Owner", "List-Archive"] {
        for value in ["<https://lists.example>", ""] {
            add(Rule::N5, Reason::List, [name, value], [&format!("{name}x"), value]);
            add(Rule::N5, Reason::List, [name, value], [&format!("X-{name}"), value]);
        }
    }
    for name in ["Precedence", "X-Precedence"] {
        for (word, reason) in [("bulk", Reason::List), ("list", Reason::List), ("junk", Reason::List), ("auto_reply", Reason::Automatic)] {
            add(Rule::N6, reason, [name, word], [name, &format!("{word}x")]);
            add(Rule::N6, reason, [name, word], [&format!("{name}x"), word]);
        }
    }
    for word in ["All", "OOF", "AutoReply"] {
        for (before, after) in [("", ""), ("DR, ", ""), ("", ", NRN"), ("DR,", ",NRN")] {
            let of = |word: &str| format!("{before}{word}{after}");
            let name = "X-Auto-Response-Suppress";
            add(Rule::N7, Reason::Automatic, [name, &of(word)], [name, &of(&format!("{word}x"))]);
            add(Rule::N7, Reason::Automatic, [name, &of(word)], ["X-Auto-Response", &of(word)]);
        }
    }
    for name in ["X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Mail-Autoreply", "X-Loop"] {
        for value in ["yes", ""] {
            add(Rule::N8, Reason::Automatic, [name, value], [&format!("{name}x"), value]);
        }
    }
    for kind in ["multipart/report", "message/delivery-status", "message/disposition-notification"] {
        for rest in ["", "; charset=utf-8"] {
            let name = "Content-Type";
            add(Rule::N9, Reason::Bounce, [name, &format!("{kind}{rest}")], [name, &format!("text/plain{rest}")]);
            add(Rule::N9, Reason::Bounce, [name, &format!("{kind}{rest}")], ["X-Content-Type", &format!("{kind}{rest}")]);
        }
    }
    let reports = ["multipart/mixed; report-type=disposition-notification", "multipart/mixed; report-type=none"];
    add(Rule::N9, Reason::Bounce, ["Content-Type", reports[0]], ["Content-Type", reports[1]]);
    add(Rule::N9, Reason::Bounce, ["Content-Type", "multipart/report"], ["Content-Type", "multipart/related"]);
    add(Rule::N9, Reason::Bounce, ["Content-Type", "message/delivery-status"], ["Content-Type", "message/rfc822"]);
    add(Rule::N9, Reason::Bounce, ["X-Failed-Recipients", "x@example.org"], ["X-Recipients", "x@example.org"]);
    for name in ["X-Spam-Flag", "X-Spam-Status"] {
        add(Rule::N13, Reason::List, [name, "Yes, score=9.1"], [name, "No, score=9.1"]);
    }
    let mut wrong = Vec::new();
    for (rule, reason, marked, plain) in &cases {
        let judged = |[name, value]: &[String; 2]| mail().with(name, value).judged();
        if judged(marked) != Verdict::Withheld(*rule, *reason) || judged(plain) != Verdict::Send {
            wrong.push((rule, marked, judged(marked), plain, judged(plain)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// N12: any of six headers may name the operator or the department.
#[test]
fn a_mail_is_addressed_by_each_of_its_headers_for_recipients_and_by_no_other() {
    let elsewhere = || mail().to("else@ours.example");
    let mut wrong = Vec::new();
    for name in ["To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc"] {
        for address in ["Mia <mia@ours.example>", "else@ours.example, SUPPORT+shop@ours.example"] {
            for name in [name.to_owned(), name.to_ascii_lowercase(), name.to_ascii_uppercase()] {
                let near = format!("X-{name}");
                if elsewhere().with(&name, address).judged() != Verdict::Send
                    || elsewhere().with(&name, "mia@else.example").judged() != Verdict::Withheld(Rule::N12, Reason::NotAddressed)
                    || elsewhere().with(&near, address).judged() != Verdict::Withheld(Rule::N12, Reason::NotAddressed)
                {
                    wrong.push((name, address));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for name in ["Delivered-To", "X-Original-To", "Reply-To", "From", "Subject"] {
        let judged = elsewhere().with(name, "mia@ours.example").judged();
        assert_eq!(judged, Verdict::Withheld(Rule::N12, Reason::NotAddressed), "{name}");
    }
}

#[test]
fn the_first_rule_that_holds_is_told() {
    let all = Case { is_automatic: true, is_own: true, is_transferred: true, ..mail() }.with("List-Id", "x").with("Return-Path", "<>");
    let all = all.after(History { was_judged: true, lately: 9, is_suppressed: true, ..History::default() });
    assert_eq!(all.judged(), Verdict::Withheld(Rule::N2, Reason::Duplicate));
    assert_eq!(all.clone().after(History::default()).judged(), Verdict::Withheld(Rule::N3, Reason::Bounce));
    assert_eq!(Case { absence: None, ..all }.judged(), Verdict::Withheld(Rule::N1, Reason::NotAbsent));
}

#[test]
fn authors_are_looked_up_with_and_without_their_tags() {
    let query = Incoming {
        is_mail: true,
        is_automatic: false,
        sender: Some("Ada+Shop@example.org"),
        subject: "",
        message_id: None,
        headers: &[("From".to_owned(), "Mia <mia@ours.example>, ada@example.org".to_owned()), ("Sender".to_owned(), "x".to_owned())],
        received_at: now(),
    };
    assert_eq!(authors(&query), ["ada@example.org", "ada+shop@example.org", "mia@ours.example"]);
}

fn some_case() -> impl Strategy<Value = Case> {
    let header = prop_oneof![
        Just("Auto-Submitted"),
        Just("To"),
        Just("List-Id"),
        Just("Precedence"),
        Just("Return-Path"),
        Just("Subject"),
        Just("X-Auto-Response-Suppress"),
        Just("References"),
    ];
    let value = prop_oneof![Just("no".to_owned()), Just("mia@ours.example".to_owned()), Just("<>".to_owned()), "\\PC{0,20}"];
    let headers = proptest::collection::vec((header.prop_map(str::to_owned), value), 0..6);
    let history = (any::<bool>(), proptest::option::of(0..50_i64), any::<bool>(), 0..5_u32, 0..12_u32, 298..302_u32, any::<bool>());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (headers, history, flags, 0..31_u32, 0..3_usize).prop_map(|(headers, history, flags, email_interval_days, frequency)| {
        let (was_judged, hours, in_conversation, lately, daily, hourly, is_suppressed) = history;
        let last = hours.map(|hours| now() - TimeDelta::hours(hours));
        let (is_mail, is_automatic, is_own, is_deputy, is_transferred) = flags;
        Case {
            headers,
            history: History { was_judged, last, in_conversation, lately, daily, hourly, is_suppressed },
            is_mail,
            is_automatic,
            is_own,
            is_deputy,
            is_transferred,
            email_interval_days,
            ..mail().often(Frequency::ALL[frequency])
        }
    })
}

proptest! {
    #[test]
    fn what_is_marked_automatic_is_never_answered_whatever_else(case in some_case(), word in "[a-z-]{1,14}") {
        let marked = Case { is_automatic: true, ..case.clone() };
        prop_assert_ne!(marked.judged(), Verdict::Send);
        if word != "no" {
            prop_assert_ne!(case.with("Auto-Submitted", &word).judged(), Verdict::Send);
        }
    }

    #[test]
    fn a_reply_is_only_sent_within_every_bound(case in some_case()) {
        if case.judged() == Verdict::Send {
            prop_assert!(case.history.lately < MOST_LATELY && case.history.daily < MOST_DAILY && case.history.hourly < MOST_HOURLY);
            prop_assert!(!case.is_automatic && !case.is_own && !case.is_transferred && !case.history.was_judged);
            prop_assert!(!case.is_mail || !case.headers.is_empty());
        }
    }

    #[test]
    fn more_headers_never_turn_a_mark_off(case in some_case(), name in "[A-Za-z-]{1,20}", value in "\\PC{0,20}") {
        if let Verdict::Withheld(Rule::N3 | Rule::N4 | Rule::N5, _) = case.judged() {
            prop_assert_ne!(case.with(&name, &value).judged(), Verdict::Send);
        }
    }
}
