//! One page.

use super::text::escape;

const STYLE: &str = include_str!("style.css");

/// A figure that matters, set large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The figure with its unit.
    pub value: String,
    /// Its interval, or what it was measured on.
    pub detail: String,
}

/// A page that grows section by section.
#[derive(Debug, Clone)]
pub struct Page {
    title: String,
    subtitle: String,
    body: String,
    /// Headings of the sections, for the list of contents.
    headings: Vec<String>,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(title: &str, subtitle: &str) -> Self {
        Self { title: title.to_owned(), subtitle: subtitle.to_owned(), body: String::new(), headings: Vec::new() }
    }

    /// The figures that matter, side by side.
    pub fn facts(&mut self, facts: &[Fact]) {
        let html = |Fact { name, value, detail }: &Fact| {
            let [name, value, detail] = [name, value, detail].map(|text| escape(text));
            format!("<div><dt>{name}</dt><dd><b>{value}</b><span>{detail}</span></dd></div>\n")
        };
        let facts: Vec<String> = facts.iter().map(html).collect();
        self.body.extend(["<dl class=\"facts\">\n", &facts.concat(), "</dl>\n"]);
    }

    /// A section; `html` is what the other parts of this module made.
    pub fn section(&mut self, heading: &str, html: &str) {
        self.headings.push(heading.to_owned());
        let number = self.headings.len();
        let heading = escape(heading);
        let section =
            format!("<section aria-labelledby=\"s{number}\">\n<h2 id=\"s{number}\">{heading}</h2>\n{html}</section>\n");
        self.body += &section;
    }

    /// Names and values in two columns, such as where a result comes from.
    #[must_use]
    pub fn definitions<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let row = |(name, value): (&str, &str)| format!("<dt>{}</dt><dd>{}</dd>\n", escape(name), escape(value));
        format!("<dl class=\"definitions\">\n{}</dl>\n", pairs.into_iter().map(row).collect::<String>())
    }

    /// Figures side by side where there is room.
    #[must_use]
    pub fn side_by_side(figures: &[String]) -> String {
        format!("<div class=\"pair\">\n{}</div>\n", figures.concat())
    }

    /// The whole page.
    #[must_use]
    pub fn finish(&self) -> String {
        let [title, subtitle] = [&self.title, &self.subtitle].map(|text| escape(text));
        let link =
            |(place, heading): (usize, &String)| format!("<a href=\"#s{}\">{}</a>\n", place + 1, escape(heading));
        let contents: String = self.headings.iter().enumerate().map(link).collect();
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <main>\n<header>\n<p class=\"brand\">Whorl</p>\n<h1>{title}</h1>\n<p class=\"subtitle\">{subtitle}</p>\n</header>\n\
             <nav aria-label=\"Sections\">\n{contents}</nav>\n{body}</main>\n</body>\n</html>\n",
            body = self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_one_file_that_asks_for_nothing_else() {
        let mut page = Page::new("A & B", "<sub>");
        page.facts(&[Fact { name: "EER".into(), value: "1 %".into(), detail: "<x>".into() }]);
        page.section("First & last", "<p>inside</p>\n");
        let html = page.finish();
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
        assert!(
            html.contains("<title>A &amp; B</title>") && html.contains("&lt;sub&gt;") && html.contains("&lt;x&gt;")
        );
        assert!(html.contains("<a href=\"#s1\">First &amp; last</a>") && html.contains("<h2 id=\"s1\">"));
        for elsewhere in ["http://", "https://", "<script", "@import", "url("] {
            assert!(!html.contains(elsewhere), "{elsewhere}");
        }
    }
}
