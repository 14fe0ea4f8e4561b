//! The key of a [`Keyed`](crate::Keyed), as errors and events name it.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// Key of an instance of a [`Keyed`](crate::Keyed), as it is displayed: a host, a tenant. A clone
/// is one count of references, without an allocation.
///
/// ```
/// use resilience::Key;
///
/// let key = Key::from("a.example");
/// assert_eq!(key, *"a.example");
/// assert!(key.ends_with(".example"));
/// ```
// One word, also in an `Option`: the result of a call has room for a key, and is copied. A `Drop`
// of its own, which takes the `Arc` out, would need a second word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(Arc<Box<str>>);

impl Key {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(Arc::new(text.into_boxed_str()))
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self(Arc::new(text.into()))
    }
}

impl Deref for Key {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        self
    }
}

/// As the text, so that a map with keys can be asked with a `&str`.
impl Hash for Key {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.as_str().hash(hasher);
    }
}

impl PartialEq<str> for Key {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == text
    }
}

impl PartialEq<&str> for Key {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
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
