//! Workbooks, in which reviewers decide: access once for each person and entitlement, with columns to fill in.
//!
//! Every cell is text, so that no name is taken for a formula, and rows are written one by one: a million of them need
//! no more memory than one.

use std::path::Path;

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::error::Error;
use crate::review::Review;
use crate::table::Table;
use crate::tables::others;

/// Rows of a sheet below its head, as spreadsheets have it.
pub const MOST_ROWS: usize = 1_048_575;
/// Characters of a cell, as spreadsheets have it, with room for the mark that it was cut.
const MOST_LETTERS: usize = 32_000;
/// What can be decided.
const DECISIONS: [&str; 3] = ["keep", "revoke", "change"];
/// Columns that a reviewer fills in, with their widths.
const DECIDED: [(&str, u16); 4] = [("Decision", 11), ("Reviewer", 20), ("Date", 12), ("Note", 40)];

/// How the cells of a workbook look.
struct Formats {
    head: Format,
    asked: Format,
    cell: Format,
    decided: Format,
}

impl Formats {
    fn new() -> Formats {
        let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        let cell = Format::new().set_align(FormatAlign::Top).set_text_wrap().set_num_format("@");
        Formats {
            asked: head.clone().set_background_color(Color::RGB(0x0F_76_6E)).set_font_color(Color::White),
            head: head.set_background_color(Color::RGB(0xE8_E4_D9)),
            decided: cell.clone().set_background_color(Color::RGB(0xEA_F4_F2)),
            cell,
        }
    }
}

/// Write the workbook at `path`, and more beside it where access has more than so many rows. Returns their names, and
/// how many rows of access there are.
pub fn write(
    review: &Review,
    access: &Table<'_>,
    path: &Path,
    most: usize,
    with_views: bool,
) -> Result<(Vec<String>, u64), Error> {
    let mut names = Vec::new();
    let mut rows = 0_u64;
    let mut book = Book::begin(review, access, path)?;
    access.each(&mut |row| {
        if book.rows == most {
            let full = std::mem::replace(&mut book, Book::begin(review, access, path)?);
            names.push(full.end(review, with_views && names.is_empty(), path, names.len(), access)?);
        }
        rows += 1;
        book.add(row)
    })?;
    names.push(book.end(review, with_views && names.is_empty(), path, names.len(), access)?);
    Ok((names, rows))
}

/// A workbook whose access is being written.
struct Book {
    book: Workbook,
    formats: Formats,
    rows: usize,
    columns: u16,
}

impl Book {
    fn begin(review: &Review, access: &Table<'_>, path: &Path) -> Result<Book, Error> {
        let mut book = Workbook::new();
        // Rows wait beside the workbook: elsewhere there may be no right to write.
        book.set_tempdir(path.parent().unwrap_or(Path::new("."))).map_err(broken)?;
        let at = ExcelDateTime::from_timestamp(review.made.unix_timestamp()).map_err(broken)?;
        let properties = DocProperties::new()
            .set_title("Access review")
            .set_comment(format!("Made by {}", review.request.program))
            .set_creation_datetime(&at);
        book.set_properties(&properties);
        let formats = Formats::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(broken)?;
        begin(sheet, access, &formats, true).map_err(broken)?;
        Ok(Book { book, formats, rows: 0, columns: access.heads.len() as u16 })
    }

    fn add(&mut self, row: &[String]) -> Result<(), Error> {
        self.rows += 1;
        let number = self.rows as u32;
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        fill(sheet, number, row, &self.formats).map_err(broken)?;
        for (at, _) in DECIDED.iter().enumerate() {
            sheet.write_blank(number, self.columns + at as u16, &self.formats.decided).map_err(broken)?;
        }
        Ok(())
    }

    fn end(
        mut self,
        review: &Review,
        with_views: bool,
        path: &Path,
        number: usize,
        access: &Table<'_>,
    ) -> Result<String, Error> {
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        end(sheet, self.rows, self.columns + DECIDED.len() as u16).map_err(broken)?;
        if self.rows > 0 {
            let choice = DataValidation::new()
                .allow_list_strings(&DECISIONS)
                .and_then(|choice| choice.set_input_title("Decision"))
                .and_then(|choice| choice.set_input_message("keep, revoke or change"))
                .and_then(|choice| choice.set_error_title("Decision"))
                .and_then(|choice| choice.set_error_message("Choose keep, revoke or change."))
                .map_err(broken)?;
            sheet
                .add_data_validation(1, self.columns, self.rows as u32, self.columns, &choice)
                .map_err(broken)?;
        }
        debug_assert_eq!(usize::from(self.columns), access.heads.len());
        if with_views {
            for table in others(review) {
                let sheet = self.book.add_worksheet_with_constant_memory().map_err(broken)?;
                begin(sheet, &table, &self.formats, false).map_err(broken)?;
                let mut rows = 0;
                table.each(&mut |row| {
                    // Views other than access are far from as long; what did not fit is in the pages and the CSV.
                    if rows < MOST_ROWS {
                        rows += 1;
                        fill(sheet, rows as u32, row, &self.formats).map_err(broken)?;
                    }
                    Ok(())
                })?;
                end(sheet, rows, table.heads.len() as u16).map_err(broken)?;
            }
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = if number == 0 { format!("{stem}.xlsx") } else { format!("{stem}-{}.xlsx", number + 1) };
        let file = path.with_file_name(&name);
        self.book.save(&file).map_err(|error| Error::make(file.display().to_string(), error))?;
        Ok(name)
    }
}

fn begin(
    sheet: &mut Worksheet,
    table: &Table<'_>,
    formats: &Formats,
    decides: bool,
) -> Result<(), XlsxError> {
    sheet.set_name(table.sheet)?;
    let decided = if decides { &DECIDED[..] } else { &[] };
    for (at, (head, width)) in table.heads.iter().chain(decided).enumerate() {
        let format = if at < table.heads.len() { &formats.head } else { &formats.asked };
        sheet.set_column_width(at as u16, f64::from(*width))?;
        sheet.write_string_with_format(0, at as u16, *head, format)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn fill(sheet: &mut Worksheet, number: u32, row: &[String], formats: &Formats) -> Result<(), XlsxError> {
    for (at, text) in row.iter().enumerate() {
        sheet.write_string_with_format(number, at as u16, cut(text), &formats.cell)?;
    }
    Ok(())
}

fn end(sheet: &mut Worksheet, rows: usize, columns: u16) -> Result<(), XlsxError> {
    sheet.autofilter(0, 0, rows as u32, columns.saturating_sub(1)).map(drop)
}

/// A text that a cell holds.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

fn broken(error: XlsxError) -> Error {
    Error::make("a workbook", error)
}
