//! Calls whose caller went away.

/// What a call counts as whose future was dropped before it ended, because its caller went away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnAbandon {
    /// Nothing; a probe gives its place back.
    #[default]
    Ignore,
    /// A failure: for callers that go away because the dependency is slow.
    Failure,
}
