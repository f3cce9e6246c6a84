//! Tables as CSV, for whatever reads that.
//!
//! A spreadsheet takes a cell that begins with certain characters for a formula, and would do what somebody wrote into
//! their own display name. Such a cell gets an apostrophe in front, which shows that it is text.

use std::path::Path;

use crate::error::Error;
use crate::table::Table;

/// What a formula, or a way into one, begins with; the wide forms too, which some programs take for the narrow ones.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Write a table. Returns how many rows it has below its head.
pub fn write(table: &Table<'_>, path: &Path) -> Result<u64, Error> {
    let broken = |error: csv::Error| Error::make(path.display().to_string(), error);
    let mut writer = csv::WriterBuilder::new().from_path(path).map_err(broken)?;
    writer.write_record(table.heads.iter().map(|(head, _)| *head)).map_err(broken)?;
    let mut rows = 0;
    table.each(&mut |row| {
        rows += 1;
        writer.write_record(row.iter().map(|cell| neutral(cell).into_owned())).map_err(broken)
    })?;
    writer.flush().map_err(Error::io("write", path))?;
    Ok(rows)
}

/// A cell that no program takes for a formula.
fn neutral(cell: &str) -> std::borrow::Cow<'_, str> {
    // Blanks in front are passed over by some programs.
    match cell.trim_start_matches(' ').starts_with(BEGINNINGS) {
        true => format!("'{cell}").into(),
        false => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_like_a_formula_is_text() {
        for cell in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝x", "＋x", "－x", "＠x", "  =x"] {
            assert_eq!(neutral(cell), format!("'{cell}"));
        }
        for cell in ["", "a=b", "Zoë", "1", "'=x"] {
            assert_eq!(neutral(cell), cell);
        }
    }
}
