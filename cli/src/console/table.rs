//! Text in columns.

use std::io::{self, Write};

/// Rows of cells under a heading; numbers stand right-aligned.
#[derive(Debug, Clone)]
pub(crate) struct Table<const N: usize> {
    heading: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// An empty table.
    pub(crate) fn new(heading: [&'static str; N]) -> Self {
        Self { heading, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    /// Writes the heading and the rows, two spaces between columns.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let heading = self.heading.map(str::to_owned);
        let width = |column: usize| self.rows.iter().chain([&heading]).map(|row| letters(&row[column])).max();
        let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or_default());
        let numeric: [bool; N] = std::array::from_fn(|column| self.rows.iter().all(|row| is_number(&row[column])));
        for row in [&heading].into_iter().chain(&self.rows) {
            let cells: Vec<String> = (0..N)
                .map(|column| {
                    let padding = " ".repeat(widths[column] - letters(&row[column]));
                    if numeric[column] { padding + &row[column] } else { row[column].clone() + &padding }
                })
                .collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

fn letters(cell: &str) -> usize {
    cell.chars().count()
}

fn is_number(cell: &str) -> bool {
    cell == "-" || cell.trim_end_matches([' ', '%']).parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let mut table = Table::new(["name", "count"]);
        table.push(["a".into(), "5".into()]);
        table.push(["long".into(), "1234567".into()]);
        let mut text = Vec::new();
        table.write(&mut text).unwrap();
        let expected = "\
name    count
a           5
long  1234567
";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
