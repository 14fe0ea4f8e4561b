//! `#[circuit_breaker(PAYMENT)]` and `#[bulkhead(POOL)]`: a shared one by name, one by expression, or the function's own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprLit, Lit, Path};

use super::breaker;
use super::reader::Reader;

pub(crate) struct Policy {
    pub(crate) subject: Subject,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
}

/// Which breaker or bulkhead.
pub(crate) enum Subject {
    /// The one of this `static Policy`, if it has one.
    Of(Path),
    /// What the expression gives.
    Given(Expr),
    /// One of the function's own, with these builder calls.
    Own(TokenStream),
}

impl Policy {
    pub(crate) fn circuit_breaker(reader: &mut Reader<'_>) -> Option<Self> {
        let when = reader.predicate("when");
        let when_ok = reader.predicate("when_ok");
        let given = given(reader, "CircuitBreaker", "PAYMENT")?;
        let own = breaker::own(reader);
        Some(Self { subject: subject(reader, given, own)?, when, when_ok })
    }

    pub(crate) fn bulkhead(reader: &mut Reader<'_>) -> Option<Self> {
        let given = given(reader, "Bulkhead", "PAYMENT_POOL")?;
        let mut own = Builder::default();
        own.call("max_concurrent", reader.number("max_concurrent", 1));
        own.call("max_wait", reader.duration_or_zero("max_wait").map(|duration| duration.expression()));
        own.call("max_queue", reader.number("max_queue", 0));
        Some(Self { subject: subject(reader, given, own)?, when: None, when_ok: None })
    }
}

/// Builder calls, and the first of the arguments they come from.
#[derive(Default)]
pub(super) struct Builder {
    calls: TokenStream,
    first: Option<&'static str>,
}

impl Builder {
    pub(super) fn call(&mut self, key: &'static str, value: Option<impl quote::ToTokens>) {
        if let Some(value) = value {
            let name = Ident::new(key, Span::call_site());
            self.calls.extend(quote!(.#name(#value)));
            self.first.get_or_insert(key);
        }
    }
}

/// The positional argument, if it can be a breaker or bulkhead at all.
#[expect(clippy::option_option, reason = "outside: something is wrong; inside: nothing is given")]
fn given(reader: &mut Reader<'_>, of: &str, example: &str) -> Option<Option<Expr>> {
    let attribute = reader.attribute();
    let mut positional = reader.positional().into_iter();
    let Some(given) = positional.next() else { return Some(None) };
    if let Some(extra) = positional.next() {
        reader.error(
            extra,
            format!("`#[{attribute}]` takes one `{of}`: for a second one write a second `#[{attribute}]`"),
        );
        return None;
    }
    if let Expr::Lit(literal) = &given {
        let message = match literal {
            ExprLit { lit: Lit::Str(name), .. } => format!(
                "a name in quotes could be misspelt without anyone noticing. Declare it once, \
                 `static {}: {of} = {of}::new({name});`, and write `#[{attribute}({0})]`",
                shout(&name.value()).unwrap_or_else(|| String::from(example)),
                name = quote!(#name),
            ),
            _ => format!("expected the name of a `static {of}`, as in `#[{attribute}({example})]`"),
        };
        reader.error(literal, message);
        return None;
    }
    Some(Some(given))
}

/// Given or own, not both.
fn subject(reader: &mut Reader<'_>, given: Option<Expr>, own: Builder) -> Option<Subject> {
    match (given, own.first) {
        (None, _) => Some(Subject::Own(own.calls)),
        (Some(given), None) => Some(Subject::Given(given)),
        (Some(given), Some(key)) => {
            let attribute = reader.attribute();
            reader.error(
                given,
                format!("`{key}` belongs where this is declared: options beside a name would make `#[{attribute}]` mean two things"),
            );
            None
        }
    }
}

/// `"payment-api"` → `PAYMENT_API`
fn shout(name: &str) -> Option<String> {
    let shouted: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    syn::parse_str::<Ident>(&shouted).is_ok().then_some(shouted)
}
