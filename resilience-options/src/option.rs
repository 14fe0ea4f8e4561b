//! The list of a policy's options as data.

use std::time::Duration;

use crate::refusal::Refusal;

/// One option of a policy.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OptionInfo {
    /// Name of the argument, the builder method and the key in a file.
    pub name: &'static str,
    /// Kind of the value.
    pub kind: Kind,
    /// Meaning, in a few words.
    pub about: &'static str,
}

impl OptionInfo {
    /// Creates an option with this name, kind and meaning.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, kind, about }
    }
}

/// Kind of value that an option takes.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "both readers must know every kind")]
pub enum Kind {
    /// Whole number: `3`.
    Number,
    /// Floating-point number: `0.5`.
    Float,
    /// Duration: `500ms`.
    Duration,
    /// `true` or `false`.
    Switch,
    /// One of a few words: `full`.
    Word(WordList),
    /// Factor and longest spell: `(2.0, 10min)` in code, a table in a file.
    Growth,
    /// Number of calls and the time for them: `(100, 1min)` in code, a table in a file.
    Rate,
}

/// Words that an option can be set to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WordList {
    /// Name of the type that the words stand for.
    pub type_name: &'static str,
    /// Each word, and the name of its variant.
    pub words: &'static [(&'static str, &'static str)],
}

impl WordList {
    /// Creates a list for the type of this name.
    #[must_use]
    pub const fn new(
        type_name: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { type_name, words }
    }

    /// Returns an iterator over the words.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.words.iter().map(|(word, _)| *word)
    }

    /// Returns the name of the variant that a word stands for; `None` for another word.
    #[must_use]
    pub fn variant(&self, found: &str) -> Option<&'static str> {
        self.words.iter().find(|(word, _)| *word == found).map(|(_, variant)| *variant)
    }
}

/// Value of an option.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "both readers must know every kind")]
pub enum Value {
    /// Value of [`Kind::Number`].
    Number(u32),
    /// Value of [`Kind::Float`].
    Float(f64),
    /// Value of [`Kind::Duration`].
    Duration(Duration),
    /// Value of [`Kind::Switch`].
    Switch(bool),
    /// Value of [`Kind::Word`].
    Word(&'static str),
    /// Value of [`Kind::Growth`].
    Growth {
        /// Factor from one spell to the next.
        factor: f64,
        /// Longest spell.
        max: Duration,
    },
    /// Value of [`Kind::Rate`].
    Rate {
        /// Number of calls.
        calls: u32,
        /// Time for these calls.
        period: Duration,
    },
    /// Function that only code can name.
    Function,
}

/// Type of an option's value.
pub trait OptionValue: Copy {
    /// Kind of the option.
    const KIND: Kind;

    /// Returns the value together with its kind.
    fn into_value(self) -> Value;

    /// Returns the value as this type; `None` for a value of another kind.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! option_value {
    ($($type:ty: $kind:ident;)*) => {$(
        impl OptionValue for $type {
            const KIND: Kind = Kind::$kind;

            fn into_value(self) -> Value {
                Value::$kind(self)
            }

            fn from_value(value: Value) -> Option<Self> {
                if let Value::$kind(value) = value { Some(value) } else { None }
            }
        }
    )*};
}

option_value! {
    u32: Number;
    f64: Float;
    Duration: Duration;
    bool: Switch;
}

/// Options of one policy. A field that is `None` is not declared.
pub trait Options: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// Name of the policy's tables in a file.
    const SECTION: &'static str;

    /// Name of this kind of policy in a sentence.
    const POLICY: &'static str;

    /// Options of which none is declared.
    const NONE: Self;

    /// All options, in the order in which a file shows them.
    const OPTIONS: &'static [OptionInfo];

    /// Returns the declared value of an option.
    fn declared(&self, name: &str) -> Option<Value>;

    /// Returns the value in force: the declared value or the default. `None` for an option that is
    /// off, or that has no effect in combination with the others.
    fn in_force(&self, name: &str) -> Option<Value>;

    /// Declares an option; `None` removes its declaration. A value of another kind changes nothing.
    fn set(&mut self, name: &str, value: Option<Value>);

    /// Returns the options of the code that a file removes by setting this option, unless it sets
    /// them too: those that exclude it, and those that are in a set with it.
    fn replaced_by(name: &str) -> &'static [&'static str];

    /// Returns a refusal for each value that can't work, whatever the other options are.
    fn refused_values(&self) -> Vec<Refusal>;

    /// Returns a refusal for each set of options that contradict each other.
    fn contradictions(&self) -> Vec<Refusal>;

    /// Returns a refusal for each declared option that has no effect in combination with the
    /// others. Builders accept such options, because the next builder method may give them an
    /// effect.
    fn without_effect(&self) -> Vec<Refusal>;

    /// Returns the option of this name.
    #[must_use]
    fn option(name: &str) -> Option<&'static OptionInfo> {
        Self::OPTIONS.iter().find(|option| option.name == name)
    }

    /// Returns all refusals. An option whose value is wrong by itself is blamed once: how it goes
    /// together with the others is judged when its value is right.
    ///
    /// Options in `unknown` hold placeholders: their presence counts, their values are not judged.
    /// Options in `unreadable` may hold any value, or may be missing.
    #[must_use]
    fn refusals(&self, unknown: &[&str], unreadable: &[&str]) -> Vec<Refusal> {
        let mut refusals = self.refused_values();
        refusals.retain(|refusal| !refusal.blames_any(unknown) && !refusal.blames_any(unreadable));
        let wrong: Vec<&str> =
            refusals.iter().flat_map(|refusal| refusal.keys).chain(unreadable).copied().collect();
        let is_certain = |refusal: &Refusal| {
            !refusal.blames_any(&wrong)
                && !refusal.compares_any(unknown)
                && !refusal.compares_any(unreadable)
        };
        let together = self.contradictions().into_iter().chain(self.without_effect());
        refusals.extend(together.filter(is_certain));
        refusals
    }
}
