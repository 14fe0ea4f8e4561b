//! A type with its `#[classify(…)]` attributes as plain data: as written, and as resolved.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::{Attribute, DeriveInput, Expr, Field, Fields, Member, Path};

/// The type that derives `Classify`.
pub(super) struct ClassifiedType<'a> {
    pub(super) written: &'a DeriveInput,
    /// `crate = ::path`
    pub(super) runtime: Option<Path>,
    /// Directives on the type: about a struct, or about the variants of an enum that have none.
    pub(super) directives: Directives,
    pub(super) body: TypeBody<'a>,
}

pub(super) enum TypeBody<'a> {
    Struct(&'a Fields),
    Enum(Vec<Variant<'a>>),
    Union(Span),
}

pub(super) struct Variant<'a> {
    pub(super) name: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) attributes: &'a [Attribute],
    pub(super) directives: Directives,
}

/// The contents of all `#[classify(…)]` in one place.
#[derive(Default)]
pub(super) struct Directives {
    /// In written order; more than one is a mistake.
    pub(super) rules: Vec<WrittenRule>,
    pub(super) retry_after: Option<RetryAfter>,
}

/// A rule and the word it is written with.
pub(super) struct WrittenRule {
    pub(super) word: Ident,
    pub(super) rule: Rule,
}

/// The source of the class.
pub(super) enum Rule {
    Class(Class),
    /// `delegate`
    Delegate,
    /// `with = path`
    With(Path),
}

/// A class that can be written as a word. Its tokens are the name of the runtime's variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Transient,
    Permanent,
    Expected,
    Ignored,
}

impl ToTokens for Class {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let variant = match self {
            Self::Transient => "Transient",
            Self::Permanent => "Permanent",
            Self::Expected => "Expected",
            Self::Ignored => "Ignored",
        };
        tokens.append(Ident::new(variant, Span::mixed_site()));
    }
}

/// `retry_after = field`
pub(super) struct RetryAfter {
    pub(super) word: Ident,
    pub(super) field: Expr,
}

/// A variant or a struct, with the rule that applies to it.
pub(super) struct Case<'a> {
    /// `None` for a struct.
    pub(super) variant: Option<&'a Ident>,
    pub(super) rule: ResolvedRule<'a>,
    /// The field that may hold a policy's error.
    pub(super) holder: Option<Member>,
}

/// A rule about the fields of one variant or struct.
pub(super) enum ResolvedRule<'a> {
    Class(Class),
    /// Transient, with a delay from this field.
    RetryAfter {
        field: Member,
        named: Span,
    },
    /// The class of the only field.
    Delegate {
        member: Member,
        field: &'a Field,
        word: Span,
    },
    /// The class of a field, if its type has one.
    Probed(Member),
    /// The result of a function of the fields.
    With {
        function: &'a Path,
        fields: &'a Fields,
    },
    /// The result of a function of the whole value.
    WithSelf(&'a Path),
}
