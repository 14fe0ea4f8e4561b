//! Arrows that are forbidden though they need not make a circle.

use super::arrow::Arrows;
use crate::source::Crate;

/// Modules of a crate that must not import others, each by its path: `policy::retry`.
pub(crate) struct Forbidden {
    pub(crate) package: &'static str,
    pub(crate) from: &'static [&'static str],
    pub(crate) to: &'static [&'static str],
    pub(crate) reason: &'static str,
}

const RUNTIME: &str = "resilience-runtime";
const MACROS: &str = "resilience-macros";

pub(crate) const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        package: RUNTIME,
        from: &["sync"],
        to: &["event", "policy", "registry", "config", "task"],
        reason: "`sync` has building blocks, whatever they are used for",
    },
    Forbidden {
        package: RUNTIME,
        from: &["outcome"],
        to: &["event", "policy", "registry", "config"],
        reason: "an outcome is data that every policy returns",
    },
    Forbidden {
        package: RUNTIME,
        from: &["policy"],
        to: &["registry", "config", "expansion"],
        reason: "a policy works without a list of policies and without a file of limits",
    },
    Forbidden {
        package: RUNTIME,
        from: &["registry"],
        to: &["config", "expansion"],
        reason: "configuration asks the registry, not the other way around",
    },
    Forbidden {
        package: RUNTIME,
        from: &["config::diagnostics", "config::table"],
        to: &["policy"],
        reason: "the reader of a file has names and values, and needs no policy",
    },
    Forbidden {
        package: RUNTIME,
        from: &["event::event"],
        to: &["event::observers", "event::sinks", "policy", "registry", "config"],
        reason: "an event is data, without its receivers",
    },
    Forbidden {
        package: MACROS,
        from: &["parse"],
        to: &["check", "expand"],
        reason: "an attribute is read before the stack is checked and expanded",
    },
    Forbidden {
        package: MACROS,
        from: &["model"],
        to: &["parse", "check", "expand"],
        reason: "a stack is data, which is parsed, checked and then expanded",
    },
    Forbidden {
        package: MACROS,
        from: &["check"],
        to: &["expand"],
        reason: "a stack is checked before it is expanded",
    },
];

impl Forbidden {
    /// Modules of the rule that do not exist.
    pub(crate) fn missing(&self, source: &Crate) -> impl Iterator<Item = &'static str> {
        let is_there = |name: &str| source.files.iter().any(|file| is_below(&file.place, name));
        self.from.iter().chain(self.to).copied().filter(move |name| !is_there(name))
    }

    /// Arrows that break the rule.
    pub(crate) fn broken(&self, source: &Crate, arrows: &Arrows) -> Vec<(usize, usize)> {
        let is_in = |file: usize, names: &[&str]| {
            names.iter().any(|name| is_below(&source.files[file].place, name))
        };
        let arrows = arrows.keys().copied();
        arrows.filter(|(from, to)| is_in(*from, self.from) && is_in(*to, self.to)).collect()
    }
}

/// Returns true if a place is `above` or below it: `["policy", "retry"]` is below `policy`.
fn is_below(place: &[String], above: &str) -> bool {
    let mut segments = place.iter();
    above.split("::").all(|segment| segments.next().is_some_and(|it| it == segment))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_place_is_below_its_parents_and_itself() {
        let place = ["policy".to_owned(), "retry".to_owned()];
        assert!(is_below(&place, "policy"));
        assert!(is_below(&place, "policy::retry"));
        assert!(!is_below(&place, "policy::retry::sleep"));
        assert!(!is_below(&place, "poli"));
    }
}
