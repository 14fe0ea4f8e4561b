//! Retries inside the attempts of another one.

/// What a `#[retry]` does that is entered inside an attempt of another one, on the same task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NestedRetry {
    /// Makes one attempt: the outermost retry owns the retrying. Three levels of three attempts
    /// make 3 calls.
    #[default]
    Collapse,
    /// Retries all the same: three levels of three attempts make 27 calls.
    Allow,
}
