//! Keywords, as in `jitter = none`. Each is a variant of an enum of the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};

/// An enum whose values are written as keywords. Its tokens are the name of the variant.
pub(crate) trait Keyword: Copy + ToTokens + 'static {
    const ALL: &'static [Self];

    /// The spelling in an attribute.
    fn keyword(self) -> &'static str;

    /// The name of the variant.
    fn variant(self) -> &'static str;
}

macro_rules! keywords {
    ($($(#[$doc:meta])* $name:ident { $($keyword:literal: $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl Keyword for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];

            fn keyword(self) -> &'static str {
                match self {
                    $(Self::$variant => $keyword,)*
                }
            }

            fn variant(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }
        }

        impl ToTokens for $name {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                tokens.append(Ident::new(self.variant(), Span::mixed_site()));
            }
        }
    )*};
}

keywords! {
    /// `backoff = exponential`
    BackoffKind {
        "constant": Constant,
        "linear": Linear,
        "exponential": Exponential,
    }

    /// `jitter = full`
    Jitter {
        "full": Full,
        "equal": Equal,
        "decorrelated": Decorrelated,
        "none": None,
    }

    /// `nested = collapse`
    NestedRetry {
        "collapse": Collapse,
        "allow": Allow,
    }

    /// `on_abandon = ignore`
    OnAbandon {
        "ignore": Ignore,
        "failure": Failure,
    }
}
