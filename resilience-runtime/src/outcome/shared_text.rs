//! Texts that many calls share: a clone is one count of references, without an allocation.

/// Declares a type that holds a text, with the traits of one.
macro_rules! shared_text {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        // One word, also in an `Option`: the result of a call has room for it, and is copied. A
        // `Drop` of its own, which takes the `Arc` out, would need a second word.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(std::sync::Arc<Box<str>>);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(std::sync::Arc::new(text.into_boxed_str()))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(std::sync::Arc::new(text.into()))
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self
            }
        }

        /// As the text, so that a map can be asked with a `&str`.
        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
                self.as_str().hash(hasher);
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self)
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self)
            }
        }
    };
}

pub(super) use shared_text;
