//! Line plots, bands and histograms as SVG within the page.

use std::fmt::Write;

use super::axis::Axis;
use super::text::escape;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 48.0;

/// The colour of a series, told apart by dash and by name too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The run itself, and mated comparisons.
    First,
    /// Another run, and non-mated comparisons.
    Second,
    /// What is drawn for orientation only.
    Faint,
}

impl Ink {
    fn class(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Faint => "faint",
        }
    }
}

/// A plot in the making.
#[derive(Debug, Clone)]
pub struct Plot {
    name: String,
    caption: String,
    x: Axis,
    y: Axis,
    marks: String,
    legend: Vec<(Ink, String)>,
}

impl Plot {
    /// An empty plot; the caption says what can be seen, also to who cannot see it.
    #[must_use]
    pub fn new(name: &str, caption: &str, x: Axis, y: Axis) -> Self {
        let (name, caption) = (name.to_owned(), caption.to_owned());
        Self { name, caption, x, y, marks: String::new(), legend: Vec::new() }
    }

    /// A line through `points`; an empty name keeps it out of the legend.
    #[must_use]
    pub fn line(mut self, name: &str, ink: Ink, points: &[(f64, f64)]) -> Self {
        let class = ink.class();
        self.write(format_args!(
            "<polyline class=\"line {class}\" points=\"{}\"/>\n",
            self.path(points.iter().copied())
        ));
        self.named(name, ink)
    }

    /// The area between a lower and an upper curve of (x, low, high).
    #[must_use]
    pub fn band(mut self, ink: Ink, points: &[(f64, f64, f64)]) -> Self {
        let there = points.iter().map(|&(x, low, _)| (x, low));
        let back = points.iter().rev().map(|&(x, _, high)| (x, high));
        let path = self.path(there.chain(back));
        self.write(format_args!("<polygon class=\"band {}\" points=\"{path}\"/>\n", ink.class()));
        self
    }

    /// A histogram of cells (from, to, height), drawn as one outline over the axis.
    #[must_use]
    pub fn cells(mut self, name: &str, ink: Ink, cells: &[(f64, f64, f64)]) -> Self {
        let tops = cells.iter().flat_map(|&(from, to, height)| [(from, height), (to, height)]);
        let start = cells.first().map(|&(from, ..)| (from, 0.0));
        let end = cells.last().map(|&(_, to, _)| (to, 0.0));
        let path = self.path(start.into_iter().chain(tops).chain(end));
        self.write(format_args!("<polygon class=\"cells {}\" points=\"{path}\"/>\n", ink.class()));
        self.named(name, ink)
    }

    /// A single point.
    #[must_use]
    pub fn point(mut self, name: &str, ink: Ink, at: (f64, f64)) -> Self {
        let (x, y) = self.at(at);
        self.write(format_args!("<circle class=\"point {}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>\n", ink.class()));
        self.named(name, ink)
    }

    /// The plot with its legend and caption.
    #[must_use]
    pub fn to_html(&self) -> String {
        let [name, caption] = [&self.name, &self.caption].map(|text| escape(text));
        let entry = |(ink, name): &(Ink, String)| {
            format!("<li><i class=\"{}\" aria-hidden=\"true\"></i>{}</li>", ink.class(), escape(name))
        };
        let legend: String = self.legend.iter().map(entry).collect();
        let legend = if legend.is_empty() { legend } else { format!("<ul class=\"legend\">{legend}</ul>\n") };
        format!(
            "<figure>\n<h3>{name}</h3>\n{legend}<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{name}. {caption}\">\n\
             {grid}{marks}</svg>\n<figcaption>{caption}</figcaption>\n</figure>\n",
            grid = self.grid(),
            marks = self.marks,
        )
    }

    fn named(mut self, name: &str, ink: Ink) -> Self {
        if !name.is_empty() {
            self.legend.push((ink, name.to_owned()));
        }
        self
    }

    fn write(&mut self, mark: std::fmt::Arguments<'_>) {
        self.marks.write_fmt(mark).expect("a String takes everything");
    }

    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let across = LEFT + self.x.place(x) * (WIDTH - LEFT - RIGHT);
        let down = HEIGHT - BOTTOM - self.y.place(y) * (HEIGHT - TOP - BOTTOM);
        (across, down)
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let placed = points.map(|point| self.at(point)).map(|(x, y)| format!("{x:.1},{y:.1}"));
        placed.collect::<Vec<_>>().join(" ")
    }

    /// Ticks, grid lines and the names of the axes.
    fn grid(&self) -> String {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let upright = |(value, text): &(f64, String)| {
            let (x, below) = (LEFT + self.x.place(*value) * (right - LEFT), bottom + 18.0);
            format!("<path d=\"M{x:.1} {TOP}V{bottom}\"/><text x=\"{x:.1}\" y=\"{below}\">{text}</text>\n")
        };
        let level = |(value, text): &(f64, String)| {
            let y = bottom - self.y.place(*value) * (bottom - TOP);
            let (beside, middle) = (LEFT - 8.0, y + 4.0);
            format!(
                "<path d=\"M{LEFT} {y:.1}H{right}\"/><text class=\"beside\" x=\"{beside}\" y=\"{middle:.1}\">{text}</text>\n"
            )
        };
        let lines: Vec<String> = self.x.ticks.iter().map(upright).chain(self.y.ticks.iter().map(level)).collect();
        let (x_middle, y_middle, foot) = (f64::midpoint(LEFT, right), f64::midpoint(TOP, bottom), HEIGHT - 8.0);
        let [x_name, y_name] = [&self.x, &self.y].map(|axis| escape(&axis.name));
        format!(
            "<g class=\"grid\">\n{}<text class=\"name\" x=\"{x_middle}\" y=\"{foot}\">{x_name}</text>\n\
             <text class=\"name\" transform=\"translate(14 {y_middle}) rotate(-90)\">{y_name}</text>\n</g>\n",
            lines.concat()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        Plot::new("A < B", "what is seen", Axis::linear("x", 0.0, 10.0), Axis::percent("y", 0.0, 1.0))
    }

    #[test]
    fn the_corners_of_the_axes_are_the_corners_of_the_frame() {
        let html = plot().line("run", Ink::First, &[(0.0, 0.0), (10.0, 1.0), (99.0, 9.0)]).to_html();
        assert!(html.contains("points=\"62.0,312.0 546.0,14.0 546.0,14.0\""), "{html}");
        assert!(html.contains("aria-label=\"A &lt; B. what is seen\"") && html.contains("</i>run</li>"));
    }

    #[test]
    fn a_plot_of_nothing_is_an_empty_frame() {
        let html = plot().line("", Ink::Faint, &[]).cells("", Ink::First, &[]).band(Ink::First, &[]).to_html();
        assert!(html.contains("<svg") && !html.contains("legend"));
    }
}
