//! What somebody may have meant.

use strsim::damerau_levenshtein;

use super::fault::whereabouts;

/// The name among `known` that `written` is a slip of: at most a third of its letters are others, missing, added or swapped.
pub(super) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (written.chars().count() / 3).max(1);
    let distances = known.into_iter().map(|name| (damerau_levenshtein(written, name), name));
    distances.filter(|&(distance, _)| distance <= most).min().map(|(_, name)| name)
}

/// As [`nearest`], for a key of `section` among `known` pairs of section and key: the same key of another section goes before a
/// similar one of this, and that before a similar one of another.
pub(super) fn nearest_key(section: &str, key: &str, known: &[(&str, &str)]) -> Option<String> {
    let elsewhere = |name: &str| {
        let found = known.iter().find(|(_, known)| *known == name);
        found.map(|(section, key)| format!("`{key}` {}", whereabouts(section)))
    };
    let here = known.iter().filter(|(other, _)| *other == section).map(|(_, key)| *key);
    elsewhere(key)
        .or_else(|| nearest(key, here).map(|key| format!("`{key}`")))
        .or_else(|| nearest(key, known.iter().map(|(_, key)| *key)).and_then(elsewhere))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, &str); 4] = [("a", "listen"), ("a", "queue"), ("b", "burst"), ("b", "folder")];

    #[test]
    fn a_slip_is_told_from_another_word() {
        assert_eq!(nearest("lsiten", ["listen", "queue"]), Some("listen"));
        assert_eq!(nearest("liste", ["listen", "queue"]), Some("listen"));
        assert_eq!(nearest("password", ["listen", "queue"]), None);
        assert_eq!(nearest("", ["listen"]), None);
    }

    #[test]
    fn the_same_key_elsewhere_goes_before_a_similar_one_here() {
        assert_eq!(nearest_key("a", "burst", &KNOWN).as_deref(), Some("`burst` in [b]"));
        assert_eq!(nearest_key("a", "qeue", &KNOWN).as_deref(), Some("`queue`"));
        assert_eq!(nearest_key("a", "foldr", &KNOWN).as_deref(), Some("`folder` in [b]"));
        assert_eq!(nearest_key("a", "unheard", &KNOWN), None);
    }
}
