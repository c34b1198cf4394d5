//! Tables.

use super::text::escape;

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    heading: String,
    is_number: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(heading: &str) -> Self {
        Self { heading: heading.to_owned(), is_number: false }
    }

    /// A column of numbers, set flush right.
    #[must_use]
    pub fn number(heading: &str) -> Self {
        Self { heading: heading.to_owned(), is_number: true }
    }

    fn class(&self) -> &'static str {
        if self.is_number { " class=\"number\"" } else { "" }
    }
}

/// A table whose first column names its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table; the caption says what it holds to who cannot see where it stands.
    #[must_use]
    pub fn new(caption: &str, columns: Vec<Column>) -> Self {
        Self { caption: caption.to_owned(), columns, rows: Vec::new() }
    }

    /// Adds a row of plain text. Cells that are missing stay empty, those beyond the last column are dropped.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table as HTML, in a frame that scrolls on narrow screens.
    #[must_use]
    pub fn to_html(&self) -> String {
        let heading = |column: &Column| format!("<th scope=\"col\"{}>{}</th>", column.class(), escape(&column.heading));
        let headings: String = self.columns.iter().map(heading).collect();
        let rows: String = self.rows.iter().map(|row| self.row_html(row)).collect();
        let caption = escape(&self.caption);
        format!(
            "<div class=\"frame\" tabindex=\"0\" role=\"group\" aria-label=\"{caption}\"><table>\n<caption>{caption}</caption>\n\
             <thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
        )
    }

    fn row_html(&self, row: &[String]) -> String {
        let cells = self.columns.iter().enumerate().map(|(place, column)| {
            let text = escape(row.get(place).map_or("", String::as_str));
            let class = column.class();
            if place == 0 { format!("<th scope=\"row\"{class}>{text}</th>") } else { format!("<td{class}>{text}</td>") }
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_and_cells_are_escaped() {
        let mut table = Table::new("a < b", vec![Column::text("who"), Column::number("how many")]);
        table.row(["<x>", "3", "beyond"]);
        table.row(["y"]);
        let html = table.to_html();
        assert!(html.contains("<caption>a &lt; b</caption>"));
        assert!(html.contains("<tr><th scope=\"row\">&lt;x&gt;</th><td class=\"number\">3</td></tr>"));
        assert!(html.contains("<tr><th scope=\"row\">y</th><td class=\"number\"></td></tr>"));
        assert!(!html.contains("beyond"));
    }
}
