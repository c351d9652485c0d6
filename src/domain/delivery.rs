//! What becomes of a mail on its way out, and when it must not leave any more (M1 to M4, QUALITY 1.6).

use chrono::{DateTime, Utc};

use super::auto_reply::LATE;
use super::named::named;
use super::one_time_token::{Standing, standing};

named! {
    /// Where a mail stands.
    State {
        /// Waits for its instant.
        Queued = "queued",
        /// A worker has it; when its lease is over, another one takes it.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// Given up; a person has to look.
        Failed = "failed",
        /// No longer wanted.
        Cancelled = "cancelled",
    }
}

impl State {
    /// Whether a person may have it tried now (M3). One that is being sent cannot be sent beside itself, one that was sent is done.
    pub fn may_be_retried(self) -> bool {
        matches!(self, State::Queued | State::Failed | State::Cancelled)
    }

    /// Whether a person may call it back (M3). What a worker holds may already be with the server.
    pub fn may_be_cancelled(self) -> bool {
        matches!(self, State::Queued | State::Failed)
    }
}

/// Why this program, and not the mail server, ended a mail. Kept as `reason:<name>` in the place of the server's words, so
/// that every reader reads it in their language (`mail-reason-<name>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its one-time link was used, revoked, replaced or is past its time.
    LinkGone,
    /// Its operator was suspended or deleted.
    OperatorGone,
    /// The absence that it answers for was cancelled, moved, or answers no longer.
    AbsenceGone,
    /// An automatic reply after so long would only surprise.
    TooLate,
    /// Somebody called it back.
    ByHand,
    /// The program stumbled over it (F1, M4).
    Stumbled,
    /// Workers stopped in the middle of it again and again.
    Interrupted,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 7] = [
        Reason::LinkGone,
        Reason::OperatorGone,
        Reason::AbsenceGone,
        Reason::TooLate,
        Reason::ByHand,
        Reason::Stumbled,
        Reason::Interrupted,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::LinkGone => "link-gone",
            Reason::OperatorGone => "operator-gone",
            Reason::AbsenceGone => "absence-gone",
            Reason::TooLate => "too-late",
            Reason::ByHand => "by-hand",
            Reason::Stumbled => "stumbled",
            Reason::Interrupted => "interrupted",
        }
    }

    /// As it is kept.
    pub fn kept(self) -> String {
        format!("reason:{}", self.as_str())
    }

    /// Reads what is kept; words of a mail server are no reason of ours.
    pub fn parse(kept: &str) -> Option<Reason> {
        let name = kept.strip_prefix("reason:")?;
        Reason::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// The facts of a one-time link.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Its end.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked or replaced.
    pub voided_at: Option<DateTime<Utc>>,
}

/// What stands behind a mail at the instant it would leave.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behind {
    /// The operator it is about was suspended or deleted.
    pub operator_gone: bool,
    /// It is an automatic reply whose absence is no longer what it was.
    pub absence_gone: bool,
    /// Since when it waits, if it is an automatic reply.
    pub reply_since: Option<DateTime<Utc>>,
    /// It carries a one-time link.
    pub has_link: bool,
    /// That link; none where it is gone altogether.
    pub link: Option<Link>,
}

/// Why a mail must not leave any more, if so (QUALITY 1.6, 8): nobody gets a link that no longer opens anything.
pub fn withdrawn(behind: &Behind, now: DateTime<Utc>) -> Option<Reason> {
    if behind.operator_gone {
        return Some(Reason::OperatorGone);
    }
    if behind.absence_gone {
        return Some(Reason::AbsenceGone);
    }
    if behind.reply_since.is_some_and(|since| now - since > LATE) {
        return Some(Reason::TooLate);
    }
    let is_usable = |link: Link| standing(link.expires_at, link.used_at, link.voided_at, now) == Standing::Usable;
    (behind.has_link && !behind.link.is_some_and(is_usable)).then_some(Reason::LinkGone)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn names_are_read_back() {
        assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
        assert!(Reason::ALL.iter().all(|reason| Reason::parse(&reason.kept()) == Some(*reason)));
        assert_eq!(Reason::parse("550 no such user"), None);
        assert_eq!(Reason::parse("reason:of-the-server"), None);
    }

    #[test]
    fn a_mail_that_is_being_sent_or_was_sent_is_let_be() {
        for state in [State::Sending, State::Sent] {
            assert!(!state.may_be_retried() && !state.may_be_cancelled(), "{state:?}");
        }
        assert!(State::Cancelled.may_be_retried() && !State::Cancelled.may_be_cancelled());
    }

    #[test]
    fn a_link_that_opens_nothing_is_not_mailed() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(30_000);
        let link = |expires_at, used_at, voided_at| Behind {
            has_link: true,
            link: Some(Link { expires_at, used_at, voided_at }),
            ..Behind::default()
        };
        let later = now + TimeDelta::hours(1);
        assert_eq!(withdrawn(&link(later, None, None), now), None);
        for gone in [link(now, None, None), link(later, Some(now), None), link(later, None, Some(now))] {
            assert_eq!(withdrawn(&gone, now), Some(Reason::LinkGone), "{gone:?}");
        }
        assert_eq!(withdrawn(&Behind { has_link: true, ..Behind::default() }, now), Some(Reason::LinkGone));
        assert_eq!(withdrawn(&Behind::default(), now), None);
        assert_eq!(withdrawn(&Behind { operator_gone: true, ..Behind::default() }, now), Some(Reason::OperatorGone));
    }

    #[test]
    fn a_reply_leaves_only_within_a_day_and_while_its_absence_stands() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(30_000);
        let since = |ago| Behind { reply_since: Some(now - ago), ..Behind::default() };
        assert_eq!(withdrawn(&since(LATE), now), None);
        assert_eq!(withdrawn(&since(LATE + TimeDelta::seconds(1)), now), Some(Reason::TooLate));
        assert_eq!(withdrawn(&Behind { absence_gone: true, ..since(TimeDelta::zero()) }, now), Some(Reason::AbsenceGone));
    }
}
