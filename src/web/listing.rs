//! What a list keeps in its address: search, filters, order and page; so that any view of it can be sent to a colleague.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::form_urlencoded::Serializer;

use crate::domain::schedule::{date, start_of};

/// Rows of a page.
pub const PER_PAGE: u64 = 50;

/// The address of a list with its parameters.
#[derive(Clone, Debug)]
pub struct Address {
    path: String,
    params: Vec<(&'static str, String)>,
    default_order: &'static str,
}

impl Address {
    /// The address of the list at `path`; empty parameters are left out.
    pub fn new(path: &str, params: impl IntoIterator<Item = (&'static str, String)>) -> Address {
        let params = params.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Address { path: path.to_owned(), params, default_order: "" }
    }

    /// With the order in which the list stands where none is asked for; it is left out of addresses.
    #[must_use]
    pub fn ordered_by(mut self, column: &'static str) -> Address {
        self.params.retain(|(param, value)| *param != "sort" || value != column);
        self.default_order = column;
        self
    }

    fn order(&self) -> &str {
        match self.get("sort") {
            "" => self.default_order,
            order => order,
        }
    }

    /// The value of a parameter; empty where it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.params.iter().find(|(param, _)| *param == name).map_or("", |(_, value)| value)
    }

    /// The same list with another value of this parameter, on its first page.
    pub fn with(&self, name: &'static str, value: &str) -> String {
        let kept = self.params.iter().filter(|(param, _)| *param != name && *param != "page");
        let kept = kept.map(|(param, value)| (*param, value.as_str()));
        self.write(kept.chain([(name, value)].into_iter().filter(|(_, value)| !value.is_empty())))
    }

    /// The same list without this parameter.
    pub fn without(&self, name: &'static str) -> String {
        self.with(name, "")
    }

    /// What the list is asked for, on its first page, as it stands behind a `?`; for forms that mean the whole list.
    pub fn query(&self) -> String {
        let address = self.without("page");
        address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// Another address with the same parameters but the page.
    pub fn elsewhere(&self, path: &str) -> String {
        Address { path: path.to_owned(), ..self.clone() }.without("page")
    }

    /// The list with nothing but its order.
    pub fn cleared(&self) -> String {
        let order = self.params.iter().filter(|(param, _)| *param == "sort");
        self.write(order.map(|(param, value)| (*param, value.as_str())))
    }

    /// The list ordered by this column; a second click turns the order around.
    pub fn sorted(&self, column: &str) -> String {
        match column {
            column if column == self.order() => self.with("sort", &format!("-{column}")),
            column if column == self.default_order => self.without("sort"),
            column => self.with("sort", column),
        }
    }

    /// Whether the list is ordered by this column, as `aria-sort` says it.
    pub fn aria_sort(&self, column: &str) -> &'static str {
        match self.order() {
            sort if sort == column => "ascending",
            sort if sort.strip_prefix('-') == Some(column) => "descending",
            _ => "none",
        }
    }

    /// A page of the list.
    fn page(&self, page: u64) -> String {
        let number = page.to_string();
        let kept = self.params.iter().filter(|(param, _)| *param != "page").map(|(param, value)| (*param, value.as_str()));
        self.write(kept.chain((page > 1).then_some(("page", number.as_str()))))
    }

    fn write<'a>(&self, params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let query = Serializer::new(String::new()).extend_pairs(params).finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

/// The first instant of a day in a zone as an address names it, `2026-03-29`; none for what names no day.
pub fn day_begins(day: &str, zone: Tz) -> Option<DateTime<Utc>> {
    start_of(zone, date(day).ok()?)
}

/// The first instant after such a day.
pub fn day_ends(day: &str, zone: Tz) -> Option<DateTime<Utc>> {
    start_of(zone, date(day).ok()?.succ_opt()?)
}

/// A filter in force, with the way to take it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What is filtered by, such as "Role".
    pub label: &'static str,
    /// The value asked for.
    pub value: String,
    /// The list without it.
    pub off: String,
}

/// The pages of a list.
#[derive(Clone, Debug)]
pub struct Pages {
    address: Address,
    /// The page shown, from 1.
    pub page: u64,
    /// Rows in all.
    pub count: u64,
    per_page: u64,
}

impl Pages {
    /// The pages of `count` rows; a page beyond the last one is the last one.
    pub fn new(address: Address, page: u64, count: u64, per_page: u64) -> Pages {
        let last = count.div_ceil(per_page.max(1)).max(1);
        Pages { address, page: page.clamp(1, last), count, per_page: per_page.max(1) }
    }

    /// The number in `?page=`; whatever is none counts as the first page.
    pub fn asked(page: Option<&str>) -> u64 {
        page.and_then(|page| page.parse().ok()).unwrap_or(1).max(1)
    }

    /// How many rows stand before this page.
    pub fn offset(&self) -> u64 {
        (self.page - 1) * self.per_page
    }

    /// The last page.
    pub fn last(&self) -> u64 {
        self.count.div_ceil(self.per_page).max(1)
    }

    /// Number of the first row shown.
    pub fn first_row(&self) -> u64 {
        self.offset() + 1
    }

    /// Number of the last row shown.
    pub fn last_row(&self) -> u64 {
        self.count.min(self.page * self.per_page)
    }

    /// The address of a page.
    pub fn to(&self, page: &u64) -> String {
        self.address.page(*page)
    }

    /// The page before, if any.
    pub fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.address.page(self.page - 1))
    }

    /// The page after, if any.
    pub fn next(&self) -> Option<String> {
        (self.page < self.last()).then(|| self.address.page(self.page + 1))
    }

    /// The pages to offer: the ends, the neighbours, and a gap where some are left out.
    pub fn numbers(&self) -> Vec<Option<u64>> {
        let mut numbers = Vec::new();
        for page in 1..=self.last() {
            if page == 1 || page == self.last() || page.abs_diff(self.page) <= 1 {
                numbers.push(Some(page));
            } else if numbers.last().is_some_and(Option::is_some) {
                numbers.push(None);
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::new(
            "/operators",
            [("q", "ana é".to_owned()), ("role", String::new()), ("sort", "name".to_owned()), ("page", "3".to_owned())],
        )
    }

    #[test]
    fn a_filter_keeps_the_others_and_returns_to_the_first_page() {
        assert_eq!(address().with("role", "agent"), "/operators?q=ana+%C3%A9&sort=name&role=agent");
        assert_eq!(address().without("q"), "/operators?sort=name");
        assert_eq!(address().cleared(), "/operators?sort=name");
        assert_eq!(address().query(), "q=ana+%C3%A9&sort=name");
        assert_eq!(address().elsewhere("/operators.csv"), "/operators.csv?q=ana+%C3%A9&sort=name");
    }

    #[test]
    fn a_second_click_turns_the_order_around() {
        assert_eq!(address().sorted("name"), "/operators?q=ana+%C3%A9&sort=-name");
        assert_eq!(address().sorted("email"), "/operators?q=ana+%C3%A9&sort=email");
        assert_eq!((address().aria_sort("name"), address().aria_sort("email")), ("ascending", "none"));
        let default = address().ordered_by("name");
        assert_eq!((default.sorted("name"), default.aria_sort("name")), ("/operators?q=ana+%C3%A9&sort=-name".to_owned(), "ascending"));
        assert_eq!(default.without("q"), "/operators");
    }

    #[test]
    fn days_are_as_long_as_the_zone_makes_them() {
        let hours = |day: &str, zone| Some((day_ends(day, zone)? - day_begins(day, zone)?).num_hours());
        assert_eq!(hours("2026-03-11", Tz::Europe__Madrid), Some(24));
        assert_eq!(hours("2026-03-29", Tz::Europe__Madrid), Some(23));
        assert_eq!(hours(" 2026-10-25 ", Tz::Europe__Madrid), Some(25));
        for day in ["", "yesterday", "2026-02-30", "11-03-2026"] {
            assert_eq!(day_begins(day, Tz::UTC), None, "{day}");
        }
    }

    #[test]
    fn a_page_beyond_the_last_one_is_the_last_one() {
        let pages = Pages::new(address(), 99, 101, 50);
        assert_eq!((pages.page, pages.offset(), pages.first_row(), pages.last_row()), (3, 100, 101, 101));
        assert_eq!((pages.next(), pages.previous()), (None, Some("/operators?q=ana+%C3%A9&sort=name&page=2".to_owned())));
        assert_eq!(Pages::new(address(), 1, 0, 50).last(), 1);
        assert_eq!((Pages::asked(Some("0")), Pages::asked(Some("x")), Pages::asked(Some("7"))), (1, 1, 7));
    }

    #[test]
    fn many_pages_are_shown_with_gaps() {
        let pages = Pages::new(address(), 6, 1000, 50);
        let expected = [Some(1), None, Some(5), Some(6), Some(7), None, Some(20)];
        assert_eq!(pages.numbers(), expected);
    }
}
