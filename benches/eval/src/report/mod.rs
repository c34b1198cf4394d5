//! What every report page of Whorl is built of: one self-contained file, readable by people and by screen readers, in light
//! and in dark, on a screen and on paper. No script, no font, no picture from elsewhere: a content security policy says so.
//!
//! ```
//! use whorl_eval::report::{Column, Page, Table};
//! let mut page = Page::new("Duplicates", "A population of 200");
//! let mut table = Table::new("Clusters", vec![Column::text("person"), Column::number("members")]);
//! table.row(["a1", "2"]);
//! page.section("What was found", &table.to_html());
//! assert!(page.finish().starts_with("<!doctype html>"));
//! ```

mod axis;
mod number;
mod page;
mod plot;
mod table;
mod text;

pub use axis::Axis;
pub use number::{count, interval, one_in, percent, significant};
pub use page::{Fact, Page};
pub use plot::{Ink, Plot};
pub use table::{Column, Table};
pub use text::{escape, list, note, paragraph, picture};
