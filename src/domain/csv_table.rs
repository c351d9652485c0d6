//! CSV as people's spreadsheets write and read it: any of three separators, a byte order mark or none, and cells that a
//! spreadsheet would run made harmless and read back as they were (OP-8).

use super::field::Fault;

/// What separates cells, the likeliest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// What makes a spreadsheet take a cell for a formula, or cut it in two.
const RUNS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// A file as read: the first line, and those below that hold anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns: trimmed, in small letters, blanks and hyphens as `_`.
    pub head: Vec<String>,
    /// The other lines.
    pub rows: Vec<Row>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it begins, counted from 1 as an editor does.
    pub line: u64,
    /// Its cells, trimmed and without the apostrophe of [`harmless`]; as many as the file has there.
    pub cells: Vec<String>,
}

/// Spreadsheets run a cell that begins like a formula; with an apostrophe before it, it is text.
/// A text that begins with such an apostrophe of its own gets one more, so that [`restored`] gives back exactly what was written.
pub fn harmless(cell: String) -> String {
    if cell.trim_start_matches('\'').starts_with(RUNS) { format!("'{cell}") } else { cell }
}

/// The cell before it was made [`harmless`].
pub fn restored(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(RUNS) => rest,
        _ => cell,
    }
}

/// Reads a file. `is_known` tells the names of columns, by which the separator is found; `most` is how many lines are taken below the
/// first one. Lines without a single filled cell are passed over.
///
/// Faults: `csv_encoding` (with the `line`), `csv_empty`, `csv_no_rows`, `csv_too_many_rows` (with `max`), `csv_unreadable`.
pub fn read(bytes: &[u8], is_known: impl Fn(&str) -> bool, most: usize) -> Result<Table, Fault> {
    let text = text(bytes)?;
    let names = |separator: u8| -> Vec<String> {
        let first = lines(text, separator).next();
        first.and_then(Result::ok).map(|row| row.cells.iter().map(|cell| name(cell)).collect()).unwrap_or_default()
    };
    let known = |separator: &u8| names(*separator).iter().filter(|name| is_known(name)).count();
    // Of equally good ones the last wins, so the likeliest is looked at last.
    let separator = SEPARATORS.into_iter().rev().max_by_key(known).unwrap_or(b',');
    let mut lines = lines(text, separator);
    let Some(head) = lines.next() else { return Err(Fault::new("csv_empty")) };
    let mut head: Vec<String> = head?.cells.iter().map(|cell| name(cell)).collect();
    // Spreadsheets end lines with separators where a cell further right was filled once.
    while head.last().is_some_and(String::is_empty) {
        head.pop();
    }
    let mut rows = Vec::new();
    for row in lines {
        if rows.len() == most {
            return Err(Fault::with("csv_too_many_rows", "max", most));
        }
        let mut row = row?;
        while row.cells.len() > head.len() && row.cells.last().is_some_and(String::is_empty) {
            row.cells.pop();
        }
        rows.push(row);
    }
    if rows.is_empty() { Err(Fault::new("csv_no_rows")) } else { Ok(Table { head, rows }) }
}

/// The bytes as UTF-8 without the mark that some programs put before it.
fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let wrong = |at: usize| {
        let before = bytes.get(..at).unwrap_or_default();
        Fault::with("csv_encoding", "line", 1 + before.iter().filter(|byte| **byte == b'\n').count())
    };
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(body).map_err(|error| wrong(bytes.len() - body.len() + error.valid_up_to()))?;
    // UTF-16 of plain letters is valid UTF-8 as well, but for these.
    text.find('\0').map_or(Ok(text), |at| Err(wrong(bytes.len() - body.len() + at)))
}

fn lines(text: &str, separator: u8) -> impl Iterator<Item = Result<Row, Fault>> {
    let reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut line, mut counted) = (1, 0);
    let rows = reader.into_records().map(move |record| {
        let record = record.map_err(|_| Fault::new("csv_unreadable"))?;
        let from = record.position().map_or(counted, |position| usize::try_from(position.byte()).unwrap_or(counted));
        // The reader places a record right behind the one before, with the line end and empty lines between still to come.
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let start = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = text.as_bytes().get(counted..start).unwrap_or_default();
        line += passed.iter().fold(0, |lines, byte| lines + u64::from(*byte == b'\n'));
        counted = start;
        Ok(Row { line, cells: record.iter().map(|cell| restored(cell.trim_matches(' ')).trim().to_owned()).collect() })
    });
    rows.filter(|row| row.as_ref().map_or(true, |row| row.cells.iter().any(|cell| !cell.is_empty())))
}

fn name(cell: &str) -> String {
    cell.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_it(bytes: &[u8]) -> Result<Table, Fault> {
        read(bytes, |name| ["name", "email"].contains(&name), 3)
    }

    fn cells(table: &Table) -> Vec<(u64, Vec<&str>)> {
        table.rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn the_separator_is_found_by_the_first_line() {
        for text in [
            "name,email\nAna,a@b.co\n",
            "Name;E;email\nAna;;a@b.co",
            "\u{FEFF}name\temail\r\nAna\ta@b.co\r\n",
            "\n\nname,email\nAna,a@b.co",
        ] {
            let table = read_it(text.as_bytes()).unwrap();
            assert!(table.head.contains(&"name".to_owned()) && table.head.contains(&"email".to_owned()), "{text:?}: {table:?}");
            assert_eq!(table.rows[0].cells.last().unwrap(), "a@b.co", "{text:?}");
        }
    }

    #[test]
    fn every_row_knows_its_line() {
        let table = read_it(b"name,email\r\n\"Ana\r\nRuiz\",a@b.co\r\n\r\n,\r\nBo,b@b.co,,\r\n").unwrap();
        assert_eq!(cells(&table), [(2, vec!["Ana\r\nRuiz", "a@b.co"]), (6, vec!["Bo", "b@b.co"])]);
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let latin = b"name,email\nAna,a@b.co\nZo\xEB,z@b.co\n";
        let wide: Vec<u8> = "name,email\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, fault) in [
            (&latin[..], Fault::with("csv_encoding", "line", 3)),
            (&wide, Fault::with("csv_encoding", "line", 1)),
            (b"\xFF\xFEn\0", Fault::with("csv_encoding", "line", 1)),
            (b"", Fault::new("csv_empty")),
            (b"\xEF\xBB\xBF \r\n,,\r\n", Fault::new("csv_empty")),
            (b"name,email\n,,\n", Fault::new("csv_no_rows")),
            (b"name,email\na,a\nb,b\nc,c\nd,d\n", Fault::with("csv_too_many_rows", "max", 3)),
        ] {
            assert_eq!(read_it(bytes), Err(fault), "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_becomes_text() {
        for (cell, safe) in
            [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "'-2"), ("+3", "'+3"), ("Ana", "Ana"), ("", ""), ("'=1", "''=1"), ("'s", "'s")]
        {
            assert_eq!(harmless(cell.to_owned()), safe);
            assert_eq!(restored(safe), cell);
        }
        assert_eq!(restored("'tis"), "'tis");
    }

    proptest! {
        #[test]
        fn whatever_was_made_harmless_is_read_back(cell in "['=+@\t\r a-]{0,6}") {
            let safe = harmless(cell.clone());
            prop_assert!(!safe.starts_with(RUNS));
            prop_assert_eq!(restored(&safe), cell.as_str());
        }

        #[test]
        fn no_bytes_make_it_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_it(&bytes);
        }
    }
}
