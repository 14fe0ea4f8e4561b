//! Values, and combinations of values, that can't work.

/// A value, or a combination of values, that can't work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Names of the options to blame.
    pub keys: &'static [&'static str],
    /// Names of the options whose values were compared, or whose absence is the reason. Of the
    /// others in `keys`, the presence is enough.
    pub compared: &'static [&'static str],
    /// Sentence with the mistake and the reason.
    pub message: &'static str,
}

impl Refusal {
    /// Creates a refusal that blames `keys` because of the values of `compared`.
    #[must_use]
    pub const fn new(
        keys: &'static [&'static str],
        compared: &'static [&'static str],
        message: &'static str,
    ) -> Self {
        Self { keys, compared, message }
    }

    /// Returns `true` if the refusal blames one of these options.
    #[must_use]
    pub fn blames_any(&self, names: &[&str]) -> bool {
        self.keys.iter().any(|key| names.contains(key))
    }

    /// Returns `true` if the refusal depends on the value or the absence of one of these options.
    #[must_use]
    pub fn compares_any(&self, names: &[&str]) -> bool {
        self.compared.iter().any(|key| names.contains(key))
    }
}
