//! The text of an error: kept by events and breakers, made only where somebody reads it.

use std::fmt;

use super::bounded_text::BoundedText;
use super::shared_text::shared_text;
use crate::sync::contain;

shared_text! {
    /// Text of an error, as its `Display` gives it, or its `Debug` if it has no `Display`. A clone
    /// is one count of references, without an allocation.
    ///
    /// ```
    /// use resilience::events::ErrorText;
    ///
    /// let text = ErrorText::from("connection refused");
    /// assert_eq!(text.to_string(), "connection refused");
    /// ```
    ErrorText
}

/// Largest length of a text in bytes.
const LONGEST: usize = 1024;

/// An error whose text may be wanted. [`Classify::cause`](crate::Classify::cause) returns it.
///
/// ```
/// use resilience::events::Cause;
///
/// let text = |cause: Cause<'_>| cause.text().map(|text| text.to_string());
/// assert_eq!(text(Cause::display(&"refused")), Some("refused".into()));
/// assert_eq!(text(Cause::debug(&"refused")), Some("\"refused\"".into()));
/// assert_eq!(text(Cause::UNKNOWN), None);
/// ```
#[derive(Clone, Copy)]
pub struct Cause<'e>(Text<'e>);

#[derive(Clone, Copy)]
enum Text<'e> {
    Unknown,
    Said(&'e str),
    Display(&'e dyn fmt::Display),
    Debug(&'e dyn fmt::Debug),
}

impl<'e> Cause<'e> {
    /// A cause without a text.
    pub const UNKNOWN: Self = Self(Text::Unknown);

    /// Returns the cause that this error displays.
    #[inline]
    pub const fn display(error: &'e dyn fmt::Display) -> Self {
        Self(Text::Display(error))
    }

    /// Returns the cause that this error shows by `Debug`.
    #[inline]
    pub const fn debug(error: &'e dyn fmt::Debug) -> Self {
        Self(Text::Debug(error))
    }

    /// The cause that this text says.
    pub(crate) const fn said(text: &'e str) -> Self {
        Self(Text::Said(text))
    }

    /// Makes the text. `None` if the cause has none, or an empty one, and if the error panics
    /// instead of giving it. Only the first 1024 bytes are kept.
    #[must_use]
    pub fn text(self) -> Option<ErrorText> {
        let mut text = BoundedText::new(LONGEST);
        let mut is_written = false;
        // An error that stops in the middle has given what it has to say.
        contain(|| is_written = self.write_to(&mut text));
        (is_written && !text.as_str().is_empty()).then(|| text.into_string().into())
    }

    /// Writes the text, if there is one.
    fn write_to(self, text: &mut BoundedText) -> bool {
        use fmt::Write as _;
        let written = match self.0 {
            Text::Unknown => return false,
            Text::Said(said) => text.write_str(said),
            Text::Display(error) => write!(text, "{error}"),
            Text::Debug(error) => write!(text, "{error:?}"),
        };
        written.is_ok() || !text.as_str().is_empty()
    }
}

impl fmt::Debug for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Text::Unknown => f.write_str("unknown"),
            Text::Said(said) => f.write_str(said),
            Text::Display(error) => error.fmt(f),
            Text::Debug(error) => error.fmt(f),
        }
    }
}

/// Asks an error for its text by method resolution, as [`ClassProbe`](super::ClassProbe) does for
/// its class: `(&&CauseProbe(error)).resilience_cause()` finds [`Displayed`] first, then
/// [`Debugged`], then [`Untold`].
#[derive(Debug)]
pub struct CauseProbe<'e, E>(pub &'e E);

/// Found for errors that implement `Display`.
pub trait Displayed<'e> {
    /// Cause with the error's `Display`.
    fn resilience_cause(&self) -> Cause<'e>;
}

impl<'e, E: fmt::Display> Displayed<'e> for &CauseProbe<'e, E> {
    #[inline]
    fn resilience_cause(&self) -> Cause<'e> {
        Cause::display(self.0)
    }
}

/// Found for errors that only implement `Debug`.
pub trait Debugged<'e> {
    /// Cause with the error's `Debug`.
    fn resilience_cause(&self) -> Cause<'e>;
}

impl<'e, E: fmt::Debug> Debugged<'e> for &&CauseProbe<'e, E> {
    #[inline]
    fn resilience_cause(&self) -> Cause<'e> {
        Cause::debug(self.0)
    }
}

/// Found for all other errors.
pub trait Untold {
    /// [`Cause::UNKNOWN`].
    fn resilience_cause(&self) -> Cause<'static>;
}

impl<E> Untold for CauseProbe<'_, E> {
    #[inline]
    fn resilience_cause(&self) -> Cause<'static> {
        Cause::UNKNOWN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(cause: Cause<'_>) -> Option<String> {
        cause.text().map(|text| text.to_string())
    }

    #[derive(Debug)]
    struct OnlyDebug;

    struct Nothing;

    #[test]
    fn the_text_is_the_display_else_the_debug_else_none() {
        let (display, debug, none) = ("refused", OnlyDebug, Nothing);
        let probes = (CauseProbe(&display), CauseProbe(&debug), CauseProbe(&none));
        assert_eq!(text_of((&&probes.0).resilience_cause()), Some("refused".into()));
        assert_eq!(text_of((&&probes.1).resilience_cause()), Some("OnlyDebug".into()));
        assert_eq!(text_of(probes.2.resilience_cause()), None);
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        for (character, filler) in [("a", 0), ("é", 0), ("é", 1), ("😀", 3)] {
            let long = "x".repeat(filler) + &character.repeat(LONGEST + 1);
            let text = text_of(Cause::display(&long)).unwrap_or_default();
            assert!(text.len() <= LONGEST && text.len() > LONGEST - 8, "{}", text.len());
            let kept = text.strip_suffix('…').unwrap_or_default();
            assert!(!kept.is_empty() && long.starts_with(kept));
        }
        let exact = "x".repeat(LONGEST);
        assert_eq!(text_of(Cause::display(&exact)), Some(exact));
    }

    #[test]
    fn an_error_that_panics_or_fails_instead_of_its_text_has_none() {
        struct Panics;
        impl fmt::Display for Panics {
            #[expect(clippy::panic_in_result_fn, reason = "the panic is the subject")]
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                panic!("no text")
            }
        }
        struct Fails;
        impl fmt::Display for Fails {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Err(fmt::Error)
            }
        }
        assert_eq!(text_of(Cause::display(&Panics)), None);
        assert_eq!(text_of(Cause::display(&Fails)), None);
    }
}
