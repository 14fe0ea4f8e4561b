//! The options of a policy, as an attribute sets them.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

use super::duration::WrittenDuration;

/// The options in one attribute.
pub(crate) struct WrittenOptions<O> {
    /// The values. An unknown value is replaced by a placeholder.
    pub(crate) values: O,
    /// In the order of the policy's list.
    pub(crate) written: Vec<WrittenOption>,
    /// The names of the options with unknown values: only rustc knows them, or only the call.
    pub(crate) unknown: Vec<&'static str>,
}

/// `name = value`
pub(crate) struct WrittenOption {
    pub(crate) name: &'static str,
    pub(crate) value: WrittenValue,
}

/// The value of an option. Its tokens are the user's.
pub(crate) enum WrittenValue {
    /// A number: a literal, or a constant expression.
    Number(Expr),
    Duration(WrittenDuration),
    Growth(Box<WrittenGrowth>),
    Rate(Box<WrittenRate>),
    /// `true`, `false`, or a constant expression.
    Switch(Expr),
    /// A word, which stands for a variant of a type of the runtime.
    Word {
        written: Expr,
        type_name: &'static str,
        variant: &'static str,
    },
    /// A function that each call uses.
    Function(Expr),
}

/// `(2.0, 10min)`
pub(crate) struct WrittenGrowth {
    pub(crate) written: Expr,
    pub(crate) factor: Expr,
    pub(crate) max: WrittenDuration,
}

/// `(100, 1min)`
pub(crate) struct WrittenRate {
    pub(crate) written: Expr,
    pub(crate) calls: Expr,
    pub(crate) period: WrittenDuration,
}

impl<O> WrittenOptions<O> {
    /// The option of this name, if it is written.
    pub(crate) fn find(&self, name: &str) -> Option<&WrittenOption> {
        self.written.iter().find(|option| option.name == name)
    }
}

impl WrittenValue {
    /// The expressions that make the value. A word is none, and a function is not a constant.
    pub(crate) fn constants(&self) -> Vec<&Expr> {
        match self {
            Self::Number(written) | Self::Switch(written) => vec![written],
            Self::Duration(duration) => vec![duration.written()],
            Self::Growth(growth) => vec![&growth.factor, growth.max.written()],
            Self::Rate(rate) => vec![&rate.calls, rate.period.written()],
            Self::Word { .. } | Self::Function(_) => Vec::new(),
        }
    }
}

impl ToTokens for WrittenValue {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Duration(duration) => duration.to_tokens(tokens),
            Self::Growth(growth) => growth.written.to_tokens(tokens),
            Self::Rate(rate) => rate.written.to_tokens(tokens),
            Self::Number(written)
            | Self::Switch(written)
            | Self::Word { written, .. }
            | Self::Function(written) => written.to_tokens(tokens),
        }
    }
}
