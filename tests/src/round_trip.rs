//! The property of every text that a program may be configured with.

use resilience::registry;

/// Checks that a text is applied or refused as a whole.
///
/// The limits that an accepted text gives are written as a file that is accepted too, and gives the
/// same limits. A text that is refused has mistakes, each at a place in the text, and changes
/// nothing.
///
/// # Panics
///
/// If the text breaks this.
pub fn assert_round_trip(text: &str) {
    let before = registry().to_toml();
    match registry().configure(text) {
        Ok(()) => {
            let written = registry().to_toml();
            if let Err(error) = registry().configure(&written) {
                panic!("{text}\nis accepted, and written as what is refused:\n{written}\n{error}");
            }
            assert_eq!(registry().to_toml(), written, "written again after\n{text}");
        }
        Err(error) => {
            assert!(!error.diagnostics().is_empty(), "refused without a mistake:\n{text}");
            for mistake in error.diagnostics() {
                let lines = text.split('\n').count();
                assert!((1..=lines).contains(&mistake.line()), "{mistake} of {lines} lines");
                assert!(mistake.column() >= 1 && !mistake.message().is_empty());
            }
            assert_eq!(registry().to_toml(), before, "changed by what was refused:\n{text}");
        }
    }
}
