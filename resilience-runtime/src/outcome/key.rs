//! The key of a [`Keyed`](crate::Keyed), as errors and events name it.

use super::shared_text::shared_text;

shared_text! {
    /// Key of an instance of a [`Keyed`](crate::Keyed), as it is displayed: a host, a tenant. A
    /// clone is one count of references, without an allocation.
    ///
    /// ```
    /// use resilience::Key;
    ///
    /// let key = Key::from("a.example");
    /// assert_eq!(key, *"a.example");
    /// assert!(key.ends_with(".example"));
    /// ```
    Key
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_key_is_found_by_its_text_and_shown_as_it() {
        let key = Key::from("a.example");
        let map = HashMap::from([(key.clone(), 1)]);
        assert_eq!(map.get("a.example"), Some(&1));
        assert_eq!(
            (key.to_string(), format!("{key:?}")),
            ("a.example".into(), "\"a.example\"".into())
        );
        assert_eq!(format!("{key:>11}|"), "  a.example|");
        drop(map);
        assert_eq!(key, "a.example");
    }
}
