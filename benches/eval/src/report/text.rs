//! Text and pictures as HTML.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// `text` with everything replaced that HTML would take for markup, in elements and in quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A paragraph of plain text.
#[must_use]
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// A paragraph of plain text in smaller type: how a figure was worked out, what it does not say.
#[must_use]
pub fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>\n", escape(text))
}

/// A list of plain texts, folded away under `summary` until somebody asks.
#[must_use]
pub fn list<'a>(summary: &str, items: impl IntoIterator<Item = &'a str>) -> String {
    let items: String = items.into_iter().map(|item| ["<li>", &escape(item), "</li>\n"].concat()).collect();
    format!("<details><summary>{}</summary>\n<ul>\n{items}</ul>\n</details>\n", escape(summary))
}

/// A PNG within the page; `alt` says what it shows to who cannot see it.
#[must_use]
pub fn picture(png: &[u8], alt: &str) -> String {
    let data = BASE64_STANDARD.encode(png);
    format!("<img src=\"data:image/png;base64,{data}\" alt=\"{}\" loading=\"lazy\">", escape(alt))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_written_in_a_manifest_becomes_markup() {
        let path = "<script>alert('x')</script>&\".png";
        assert_eq!(escape(path), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;.png");
        assert!(!paragraph(path).contains("<script"));
        assert!(!list(path, [path]).contains("<script"));
        assert!(!picture(b"png", path).contains("<script"));
    }
}
