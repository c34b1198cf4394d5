//! The page that people read: every method with its fields and an example. It loads nothing and runs nothing.

use std::fmt::Write;

use super::descriptors::{Api, Enumeration, Field, Kind, Message, Method, Service};

mod example;

const PAGE: &str = include_str!("page.html");

/// The page.
pub(super) fn html(api: &Api) -> String {
    let all = |parts: Vec<String>| parts.join("\n");
    let contents = api.services.iter().map(|service| {
        let name = title(service);
        format!("<li><a href=\"#service-{name}\">{name}</a></li>", name = escaped(name))
    });
    let extra = ["<li><a href=\"#types\">Messages within messages</a></li>", "<li><a href=\"#words\">Words</a></li>"];
    let contents = contents.chain(extra.map(str::to_owned)).collect();
    let inner = api.messages.iter().filter(|(name, _)| !is_asked_or_answered(api, name));
    // The version and the comments hold no marks, so that the order of replacing does not matter.
    PAGE.replace("{{version}}", &escaped(env!("CARGO_PKG_VERSION")))
        .replace("{{contents}}", &all(contents))
        .replace("{{services}}", &all(api.services.iter().map(|service| of_service(api, service)).collect()))
        .replace("{{messages}}", &all(inner.map(|(name, message)| of_message(name, message)).collect()))
        .replace("{{enums}}", &all(api.enums.iter().map(|(name, found)| of_enum(name, found)).collect()))
}

fn title(service: &Service) -> &str {
    service.name.strip_suffix("Service").unwrap_or(&service.name)
}

fn is_asked_or_answered(api: &Api, name: &str) -> bool {
    let mut methods = api.services.iter().flat_map(|service| &service.methods);
    // Those are shown with their methods, unless a field refers to them as well.
    let named_by_field = api.messages.values().flat_map(|message| &message.fields);
    let referred = named_by_field.into_iter().any(|field| field.kind == Kind::Message(name.to_owned()));
    !referred && methods.any(|method| method.takes == name || method.gives == name)
}

fn of_service(api: &Api, service: &Service) -> String {
    let name = escaped(title(service));
    let methods: String = service.methods.iter().map(|method| of_method(api, method)).collect();
    format!("<section id=\"service-{name}\">\n<h2>{name}</h2>\n<p>{}</p>\n{methods}</section>", prose(&service.comment))
}

fn of_method(api: &Api, method: &Method) -> String {
    let (name, path) = (escaped(&method.name), escaped(&method.path));
    let (takes, gives) = (lines(method.takes_stream), lines(method.gives_stream));
    format!(
        "<details>\n<summary><strong>{name}</strong> <span>POST {path}</span></summary>\n<div>\n<p>{comment}</p>\n\
         <h3>It takes{takes}</h3>\n{asked}\n<h3>It gives{gives}</h3>\n{answered}\n<h3>Example</h3>\n<pre><code>{example}</code></pre>\n\
         </div>\n</details>\n",
        comment = prose(&method.comment),
        asked = table(&api.messages[&method.takes]),
        answered = table(&api.messages[&method.gives]),
        example = escaped(&example::curl(api, method)),
    )
}

fn lines(streams: bool) -> &'static str {
    if streams { ", as lines of JSON, in each" } else { "" }
}

fn of_message(name: &str, message: &Message) -> String {
    let name = escaped(name);
    let comment = prose(&message.comment);
    format!("<h3 id=\"{name}\">{name}</h3>\n<p>{comment}</p>\n{}", table(message))
}

fn of_enum(name: &str, found: &Enumeration) -> String {
    let name = escaped(name);
    let mut rows = String::new();
    for (word, meaning) in &found.words {
        let _ = write!(rows, "<tr><td><code>{}</code></td><td>{}</td></tr>", escaped(word), prose(meaning));
    }
    format!("<h3 id=\"{name}\">{name}</h3>\n<p>{}</p>\n<table>{rows}</table>", prose(&found.comment))
}

fn table(message: &Message) -> String {
    if message.fields.is_empty() {
        return "<p class=\"soft\">Nothing: <code>{}</code>.</p>".to_owned();
    }
    let mut rows = String::new();
    for field in &message.fields {
        let (name, kind, comment) = (escaped(&field.name), kind(field), prose(&field.comment));
        let _ = write!(rows, "<tr><td><code>{name}</code></td><td>{kind}</td><td>{comment}</td></tr>");
    }
    format!("<table><tr><th>Field</th><th>Value</th><th>Meaning</th></tr>{rows}</table>")
}

fn kind(field: &Field) -> String {
    let one = match &field.kind {
        Kind::Flag => "true or false".to_owned(),
        Kind::Whole32 { .. } => "whole number".to_owned(),
        Kind::Whole64 { .. } => "whole number as text".to_owned(),
        Kind::Single | Kind::Double => "number".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Bytes => "bytes in base64".to_owned(),
        Kind::Free => "any object".to_owned(),
        Kind::Enum(name) | Kind::Message(name) => format!("<a href=\"#{name}\">{name}</a>", name = escaped(name)),
    };
    match &field.one_of {
        _ if field.repeated => format!("list of {one}"),
        Some(group) => format!("{one} <span class=\"soft\">(one of {})</span>", escaped(group)),
        None => one,
    }
}

/// A comment as HTML: what stands between backquotes is code.
fn prose(comment: &str) -> String {
    let parts = comment.split('`').enumerate();
    let marked =
        parts.map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) });
    marked.collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_field_and_word_is_on_the_page_and_every_link_leads_somewhere() {
        let api = Api::compiled_in();
        let page = html(&api);
        for method in api.services.iter().flat_map(|service| &service.methods) {
            assert!(page.contains(&format!("POST {}<", method.path)), "{}", method.path);
        }
        for field in api.messages.values().flat_map(|message| &message.fields) {
            assert!(page.contains(&format!("<td><code>{}</code></td>", field.name)), "{}", field.name);
        }
        for (word, _) in api.enums.values().flat_map(|found| &found.words) {
            assert!(page.contains(word), "{word}");
        }
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert_eq!(page.matches(&format!("id=\"{link}\"")).count(), 1, "#{link}");
        }
        assert!(!page.contains("{{"), "a mark was not replaced");
    }

    #[test]
    fn the_page_loads_nothing_and_runs_nothing() {
        let page = html(&Api::compiled_in());
        for word in ["<script", "http://", "https://", "src=", "@import", "url(", "<link", "onload"] {
            let lines: Vec<&str> = page.lines().filter(|line| line.contains(word) && !line.contains("curl")).collect();
            assert_eq!(lines, Vec::<&str>::new(), "{word}");
        }
    }

    #[test]
    fn text_is_escaped_and_code_is_marked() {
        assert_eq!(prose("a `b<c>` & \"d\""), "a <code>b&lt;c&gt;</code> &amp; &quot;d&quot;");
    }
}
