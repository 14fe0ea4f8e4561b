//! The macros by which a policy lists its options.

/// Lists the options of one policy. Each has a name, a type, a range, a meaning and a value in
/// force.
///
/// - Ranges: `any`, `at_least(N, why)`, `share(why)`, `factor(why)`, `within(LOW, HIGH, why)`,
///   `longer_than_zero(why)`, `growth(why)`, `rate`.
/// - `as_a_set [a, b]`: a file that sets one of them replaces all of them.
/// - `exclude [a, b]: message`: only one of both can be declared.
/// - `refuse [a, b] if condition => message`: both are declared, and their values contradict each
///   other. The condition sees each value by the name of its option.
/// - `refuse [a, b] comparing [a] if condition => message`: the presence of `b` is enough, only the
///   value of `a` is compared.
/// - `no_effect [a] comparing [b] if |it| condition => message`: `a` is declared, but has no
///   effect, because of the value or the absence of `b`. The condition sees all options.
macro_rules! options {
    (
        $(#[$doc:meta])*
        pub struct $name:ident($section:literal, $policy:literal) {
            $($(#[$field_doc:meta])* $field:ident: $type:ty, $range:ident $(($($bound:expr),*))?,
                $about:literal, |$in_force_of:ident| $in_force:expr;)*
        }
        $(as_a_set [$($in_set:ident),*];)?
        $(exclude [$excluded:ident, $excluding:ident]: $exclude_message:literal;)*
        $(refuse [$($blamed:ident),*] $(comparing [$($compared:ident),*])? if $contradiction:expr
            => $contradiction_message:literal;)*
        $(no_effect [$idle:ident] comparing [$($reason:ident),*]
            if |$idle_of:ident| $condition:expr => $idle_message:literal;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        #[expect(clippy::exhaustive_structs, reason = "only this workspace uses it")]
        #[allow(clippy::struct_field_names, reason = "these are the names of the options")]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
        }

        impl $name {
            /// Options of which none is declared.
            pub const NONE: Self = Self { $($field: None,)* };

            /// Returns the first refusal that a `const` builder must report.
            #[must_use]
            pub const fn first_refusal(&self) -> Option<$crate::Refusal> {
                $(if let Some(refusal) = refused_value!(self, $field, $range $(($($bound),*))?) {
                    return Some(refusal);
                })*
                $(if self.$excluded.is_some() && self.$excluding.is_some() {
                    return Some(exclusion!($excluded, $excluding, $exclude_message));
                })*
                $(if let Some(refusal) = contradiction!(
                    self, [$($blamed),*] $([$($compared),*])?, $contradiction,
                    $contradiction_message
                ) {
                    return Some(refusal);
                })*
                None
            }

            /// Returns the first declared option without an effect. Complete options only: one
            /// that is declared later may give it an effect.
            #[must_use]
            pub const fn first_without_effect(&self) -> Option<$crate::Refusal> {
                $(if let Some(refusal) = idle!(
                    self, $idle, [$($reason),*], |$idle_of| $condition, $idle_message
                ) {
                    return Some(refusal);
                })*
                None
            }
        }

        impl $crate::Options for $name {
            const SECTION: &'static str = $section;
            const POLICY: &'static str = $policy;
            const NONE: Self = Self::NONE;
            const OPTIONS: &'static [$crate::OptionInfo] = &[$($crate::OptionInfo::new(
                stringify!($field),
                <$type as $crate::OptionValue>::KIND,
                $about,
            ),)*];

            fn declared(&self, name: &str) -> Option<$crate::Value> {
                match name {
                    $(stringify!($field) => self.$field.map($crate::OptionValue::into_value),)*
                    _ => None,
                }
            }

            fn in_force(&self, name: &str) -> Option<$crate::Value> {
                match name {
                    $(stringify!($field) => {
                        let $in_force_of = self;
                        let in_force: Option<$type> = $in_force;
                        in_force.map($crate::OptionValue::into_value)
                    })*
                    _ => None,
                }
            }

            fn set(&mut self, name: &str, value: Option<$crate::Value>) {
                match (name, value) {
                    $((stringify!($field), None) => self.$field = None,
                    (stringify!($field), Some(value)) => {
                        if let Some(value) = $crate::OptionValue::from_value(value) {
                            self.$field = Some(value);
                        }
                    })*
                    _ => {}
                }
            }

            fn replaced_by(name: &str) -> &'static [&'static str] {
                $(if name == stringify!($excluded) {
                    return &[stringify!($excluding)];
                }
                if name == stringify!($excluding) {
                    return &[stringify!($excluded)];
                })*
                $(if [$(stringify!($in_set)),*].contains(&name) {
                    return &[$(stringify!($in_set)),*];
                })?
                let _ = name;
                &[]
            }

            fn refused_values(&self) -> Vec<$crate::Refusal> {
                let refused = [$(refused_value!(self, $field, $range $(($($bound),*))?),)*];
                refused.into_iter().flatten().collect()
            }

            fn contradictions(&self) -> Vec<$crate::Refusal> {
                let refused: Vec<Option<$crate::Refusal>> = vec![
                    $((self.$excluded.is_some() && self.$excluding.is_some())
                        .then_some(exclusion!($excluded, $excluding, $exclude_message)),)*
                    $(contradiction!(
                        self, [$($blamed),*] $([$($compared),*])?, $contradiction,
                        $contradiction_message
                    ),)*
                ];
                refused.into_iter().flatten().collect()
            }

            fn without_effect(&self) -> Vec<$crate::Refusal> {
                let refused: Vec<Option<$crate::Refusal>> = vec![$(idle!(
                    self, $idle, [$($reason),*], |$idle_of| $condition, $idle_message
                ),)*];
                refused.into_iter().flatten().collect()
            }
        }
    };
}

/// Returns the refusal of one value, if the value is out of its range.
macro_rules! refused_value {
    ($options:ident, $field:ident, any) => {
        None
    };
    ($options:ident, $field:ident, at_least($least:expr, $why:expr)) => {
        match $options.$field {
            Some(value) if value < $least => {
                out_of_range!($field, concat!("must be at least ", $least, ": ", $why))
            }
            _ => None,
        }
    };
    ($options:ident, $field:ident, share($why:expr)) => {
        match $options.$field {
            Some(value) if !(value > 0.0 && value <= 1.0) => {
                out_of_range!($field, concat!("must be more than 0.0 and at most 1.0: ", $why))
            }
            _ => None,
        }
    };
    ($options:ident, $field:ident, factor($why:expr)) => {
        match $options.$field {
            Some(value) if !(value >= 1.0 && value.is_finite()) => {
                out_of_range!($field, concat!("must be at least 1.0 and finite: ", $why))
            }
            _ => None,
        }
    };
    ($options:ident, $field:ident, within($low:expr, $high:expr, $why:expr)) => {
        match $options.$field {
            #[allow(clippy::manual_range_contains, reason = "`contains` is not const")]
            Some(value) if !(value >= $low && value <= $high) => {
                out_of_range!($field, concat!("must be from ", $low, " to ", $high, ": ", $why))
            }
            _ => None,
        }
    };
    ($options:ident, $field:ident, longer_than_zero($why:expr)) => {
        match $options.$field {
            Some(value) if value.is_zero() => {
                out_of_range!($field, concat!("must be longer than zero: ", $why))
            }
            _ => None,
        }
    };
    ($options:ident, $field:ident, growth($why:expr)) => {
        match $options.$field {
            Some(growth) => {
                let is_factor = growth.factor >= 1.0 && growth.factor.is_finite();
                match (is_factor, growth.max.is_zero()) {
                    (false, false) => out_of_range!(
                        $field,
                        concat!("needs a finite factor of at least 1.0: ", $why)
                    ),
                    (true, true) => {
                        out_of_range!($field, "needs a longest spell that is longer than zero")
                    }
                    (false, true) => out_of_range!(
                        $field,
                        concat!(
                            "needs a longest spell that is longer than zero, and a finite factor \
                             of at least 1.0: ",
                            $why
                        )
                    ),
                    (true, false) => None,
                }
            }
            None => None,
        }
    };
    ($options:ident, $field:ident, rate) => {
        match $options.$field {
            Some(rate) if rate.calls == 0 => {
                out_of_range!($field, "needs at least one call: with 0 none could ever be made")
            }
            Some(rate) if rate.period.is_zero() => out_of_range!(
                $field,
                "needs a time that is longer than zero: otherwise no call would ever wait"
            ),
            Some(rate) if rate.is_too_fast() => out_of_range!(
                $field,
                "has more calls than its time has nanoseconds, and the clock counts those: write \
                 fewer calls"
            ),
            Some(rate) if rate.is_too_slow() => out_of_range!(
                $field,
                "has more than 10 years from one call to the next: write a shorter time"
            ),
            _ => None,
        }
    };
}

macro_rules! out_of_range {
    ($field:ident, $range:expr) => {
        Some($crate::Refusal::new(
            &[stringify!($field)],
            &[stringify!($field)],
            concat!("`", stringify!($field), "` ", $range),
        ))
    };
}

macro_rules! exclusion {
    ($excluded:ident, $excluding:ident, $message:literal) => {
        $crate::Refusal::new(
            &[stringify!($excluded), stringify!($excluding)],
            &[],
            concat!(
                "`",
                stringify!($excluded),
                "` and `",
                stringify!($excluding),
                "` exclude each other: ",
                $message
            ),
        )
    };
}

/// Returns the refusal of declared values that contradict each other. The condition sees each
/// blamed option by its name.
macro_rules! contradiction {
    ($options:ident, [$($blamed:ident),*], $condition:expr, $message:literal) => {
        contradiction!($options, [$($blamed),*] [$($blamed),*], $condition, $message)
    };
    ($options:ident, [$($blamed:ident),*] [$($compared:ident),*], $condition:expr,
        $message:literal) => {{
        #[allow(unused_variables, reason = "of some options only the presence matters")]
        let condition = match ($($options.$blamed,)*) {
            ($(Some($blamed),)*) => $condition,
            _ => false,
        };
        if condition {
            Some($crate::Refusal::new(
                &[$(stringify!($blamed)),*],
                &[$(stringify!($compared)),*],
                $message,
            ))
        } else {
            None
        }
    }};
}

/// Returns the refusal of a declared option without an effect.
macro_rules! idle {
    ($options:ident, $idle:ident, [$($reason:ident),*], |$idle_of:ident| $condition:expr,
        $message:literal) => {{
        let $idle_of = $options;
        if $options.$idle.is_some() && $condition {
            Some($crate::Refusal::new(
                &[stringify!($idle)],
                &[$(stringify!($reason)),*],
                $message,
            ))
        } else {
            None
        }
    }};
}

/// Defines an enum whose variants are words in attributes and files.
macro_rules! words {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        word_values!($name { $($variant = $word,)* });
    };
}

macro_rules! word_values {
    ($name:ident { $($variant:ident = $word:literal,)* } $(else $other:pat => $value:expr)?) => {
        /// Displayed as an attribute or a file gives it.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match $crate::OptionValue::into_value(*self) {
                    $crate::Value::Word(word) => f.write_str(word),
                    _ => f.write_str("a function"),
                }
            }
        }

        impl $crate::OptionValue for $name {
            const KIND: $crate::Kind = $crate::Kind::Word($crate::WordList::new(
                stringify!($name),
                &[$(($word, stringify!($variant))),*],
            ));

            fn into_value(self) -> $crate::Value {
                match self {
                    $(Self::$variant => $crate::Value::Word($word),)*
                    $($other => $value,)?
                }
            }

            fn from_value(value: $crate::Value) -> Option<Self> {
                match value {
                    $($crate::Value::Word($word) => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
