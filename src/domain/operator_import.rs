//! The file of operators: its columns, named as in CONTRACT.md, and what a cell may hold (OP-8).
//!
//! A column that is absent leaves the field as it is. An empty cell clears a field that may be empty, and leaves one that must hold
//! something (role, theme, priority, switches) as it is, a new operator's as it is for everybody who is added.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::csv_table::{self, Row};
use super::field::Fault;
use super::number::{number, optional_number};

/// Lines of a file at the most, below the first one.
pub const MOST_ROWS: usize = 20_000;
/// Bytes of a file at the most; enough for several times [`MOST_ROWS`], so that too many rows are told as such.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The columns by name, required ones first. `job_position` is written in the organisation's language, `job_position.es` in Spanish.
pub const COLUMNS: [&str; 22] = [
    "name",
    "email",
    "alias",
    "notification_email",
    "role",
    "job_position",
    "phone",
    "time_zone",
    "locale",
    "theme",
    "languages",
    "departments",
    "max_chat_load",
    "priority",
    "do_not_disturb",
    "presence_required",
    "help_when_invisible",
    "no_answer_minutes",
    "idle_minutes",
    "classify_after",
    "may_change_departments",
    "to_solve_only",
];
/// A column that the export tells and the import passes over.
pub const STATE: &str = "state";

const REQUIRED: [&str; 2] = ["name", "email"];
/// The column of job positions; a language tag may follow after a dot.
pub const JOB_POSITION: &str = "job_position";

/// A file whose columns are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    columns: Vec<String>,
    /// The lines below the first one.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// The cell of a row under this column; none where there is no such column.
    pub fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a str> {
        let place = self.columns.iter().position(|name| name == column)?;
        row.cells.get(place).map(String::as_str)
    }

    /// The job positions of a row by language tag, empty ones too.
    pub fn job_positions<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a str, &'a str)> {
        let told = self.columns.iter().zip(&row.cells);
        told.filter_map(|(column, cell)| Some((column.strip_prefix(JOB_POSITION)?.strip_prefix('.')?, cell.as_str())))
    }

    /// Whether a row has a cell for each column. Fault: `csv_cells`, with how many there are and should be.
    pub fn fits(&self, row: &Row) -> Result<(), Fault> {
        if row.cells.len() == self.columns.len() {
            return Ok(());
        }
        let args = vec![("found", row.cells.len().to_string()), ("expected", self.columns.len().to_string())];
        Err(Fault { code: "csv_cells", args })
    }
}

/// Reads a file of operators. `languages` are the tags of the organisation, `default` the one that a bare `job_position` is in.
///
/// Faults: those of [`csv_table::read`], `csv_missing_column` and `csv_same_column` with the `column`, `csv_unknown_column` with
/// its `place`, too.
pub fn read(bytes: &[u8], languages: &[&str], default: &str) -> Result<Sheet, Fault> {
    let resolved = |name: &str| resolve(name, languages, default);
    let table = csv_table::read(bytes, |name| resolved(name).is_some(), MOST_ROWS)?;
    let mut seen = HashSet::new();
    let mut columns = Vec::with_capacity(table.head.len());
    for (place, name) in (1..).zip(&table.head) {
        let column = resolved(name).ok_or_else(|| unknown_column(place, name))?;
        if !seen.insert(column.clone()) {
            return Err(Fault::with("csv_same_column", "column", column));
        }
        columns.push(column);
    }
    match REQUIRED.into_iter().find(|name| !seen.contains(*name)) {
        Some(name) => Err(Fault::with("csv_missing_column", "column", name)),
        None => Ok(Sheet { columns, rows: table.rows }),
    }
}

/// A switch: the words that spreadsheets write in English, French and Spanish. Nothing typed is nothing. Fault: `yes_or_no`.
pub fn switch(cell: &str) -> Result<Option<bool>, Fault> {
    match cell.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "true" | "yes" | "1" | "vrai" | "oui" | "verdadero" | "sí" | "si" => Ok(Some(true)),
        "false" | "no" | "0" | "faux" | "non" | "falso" => Ok(Some(false)),
        _ => Err(Fault::new("yes_or_no")),
    }
}

/// A number that must be there; nothing typed leaves it as it is. Faults: `not_a_number`, `out_of_range`.
pub fn kept_number(cell: &str, range: &RangeInclusive<i32>) -> Result<Option<i64>, Fault> {
    if cell.trim().is_empty() { Ok(None) } else { number(cell, (*range.start()).into(), (*range.end()).into()).map(Some) }
}

/// A number that may be absent; nothing typed takes it away. Faults: as [`kept_number`].
pub fn clearable_number(cell: &str, range: &RangeInclusive<i32>) -> Result<Option<Option<i64>>, Fault> {
    optional_number(cell, (*range.start()).into(), (*range.end()).into()).map(Some)
}

/// The entries of a cell that holds several: `es; fr`, `es,fr` or `es fr`.
pub fn entries(cell: &str) -> Vec<String> {
    cell.split([';', ',', ' ']).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// The column that a name means: tags are written as the organisation writes them.
fn resolve(name: &str, languages: &[&str], default: &str) -> Option<String> {
    if name == JOB_POSITION {
        return Some(format!("{JOB_POSITION}.{default}"));
    }
    if let Some(tag) = name.strip_prefix(JOB_POSITION).and_then(|rest| rest.strip_prefix('.')) {
        // Names of columns were written with `_` for the hyphen.
        let same = |other: &&&str| other.to_lowercase().replace('-', "_") == tag;
        return languages.iter().find(same).map(|tag| format!("{JOB_POSITION}.{tag}"));
    }
    let known = COLUMNS.contains(&name) || name == STATE;
    known.then(|| name.to_owned())
}

fn unknown_column(place: usize, name: &str) -> Fault {
    Fault { code: "csv_unknown_column", args: vec![("place", place.to_string()), ("column", name.chars().take(40).collect())] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Result<Sheet, Fault> {
        read(text.as_bytes(), &["en", "es-MX"], "en")
    }

    #[test]
    fn columns_stand_in_any_order_and_are_found_by_name() {
        let sheet = sheet("E-Mail;state\nx;y\n").unwrap_err();
        assert_eq!(sheet, unknown_column(1, "e_mail"));
        let sheet = self::sheet("Email,Job position,NAME,job_position.ES-mx\na@b.co,Lead,Ana,Jefa\n").unwrap();
        let row = &sheet.rows[0];
        assert_eq!((sheet.cell(row, "name"), sheet.cell(row, "email"), sheet.cell(row, "alias")), (Some("Ana"), Some("a@b.co"), None));
        assert_eq!(sheet.job_positions(row).collect::<Vec<_>>(), [("en", "Lead"), ("es-MX", "Jefa")]);
    }

    #[test]
    fn what_is_wrong_with_the_columns_is_named() {
        for (text, fault) in [
            ("name\nAna\n", Fault::with("csv_missing_column", "column", "email")),
            ("email\na@b.co\n", Fault::with("csv_missing_column", "column", "name")),
            ("name,email,salary\nAna,a@b.co,1\n", unknown_column(3, "salary")),
            ("name,email,,alias\nAna,a@b.co,,x\n", unknown_column(3, "")),
            ("name,email,Name\nAna,a@b.co,Ana\n", Fault::with("csv_same_column", "column", "name")),
            ("name,email,job_position,job_position.en\nAna,a@b.co,x,y\n", Fault::with("csv_same_column", "column", "job_position.en")),
            ("name,email,job_position.de\nAna,a@b.co,x\n", unknown_column(3, "job_position.de")),
        ] {
            assert_eq!(sheet(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_row_with_other_cells_than_columns_does_not_fit() {
        let sheet = sheet("name,email\nAna,a@b.co,,\nBo\nRuiz, Ana,a@b.co\n").unwrap();
        let fits: Vec<bool> = sheet.rows.iter().map(|row| sheet.fits(row).is_ok()).collect();
        assert_eq!(fits, [true, false, false]);
        assert_eq!(sheet.fits(&sheet.rows[2]).unwrap_err().args, [("found", "3".to_owned()), ("expected", "2".to_owned())]);
    }

    #[test]
    fn switches_are_read_as_spreadsheets_write_them() {
        for (cell, expected) in
            [("TRUE", Ok(Some(true))), ("vrai", Ok(Some(true))), ("0", Ok(Some(false))), (" ", Ok(None)), ("FALSO", Ok(Some(false)))]
        {
            assert_eq!(switch(cell), expected, "{cell}");
        }
        assert_eq!(switch("maybe"), Err(Fault::new("yes_or_no")));
    }

    #[test]
    fn empty_numbers_are_kept_or_taken_away() {
        assert_eq!((kept_number("", &(1..=9)), clearable_number("", &(1..=9))), (Ok(None), Ok(Some(None))));
        assert_eq!((kept_number("3", &(1..=9)), clearable_number(" 3", &(1..=9))), (Ok(Some(3)), Ok(Some(Some(3)))));
        assert_eq!(kept_number("x", &(1..=9)), Err(Fault::new("not_a_number")));
        assert_eq!(clearable_number("10", &(1..=9)), Err(Fault::range(1, 9)));
    }

    #[test]
    fn several_entries_stand_in_one_cell() {
        assert_eq!(entries("es; fr,es-MX de"), ["es", "fr", "es-MX", "de"]);
        assert!(entries(" ; ").is_empty());
    }
}
