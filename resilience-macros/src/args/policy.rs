//! `#[circuit_breaker(PAYMENT)]` and `#[bulkhead(POOL)]`: a shared one by name, one by expression, or the function's own.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, ExprLit, Lit, Path};

use super::breaker;
use super::reader::{Reader, path_of};
use super::value::Duration;

pub(crate) struct Policy {
    pub(crate) subject: Subject,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
    /// How long a call may wait for a bulkhead of the function's own, if that is written.
    pub(crate) max_wait: Option<Duration>,
}

/// Which breaker or bulkhead.
pub(crate) enum Subject {
    /// The one of this `static Policy`, if it has one.
    Of(Path),
    /// What the expression gives.
    Given(Expr),
    /// One of the function's own, built like this.
    Own(Builder),
}

impl Policy {
    pub(crate) fn circuit_breaker(reader: &mut Reader<'_>) -> Option<Self> {
        let when = reader.predicate("when");
        let when_ok = reader.predicate("when_ok");
        let given = given(reader, "CircuitBreaker", "PAYMENT");
        let own = breaker::own(reader);
        let subject = subject(reader, "CircuitBreaker", given?, own)?;
        Some(Self { subject, when, when_ok, max_wait: None })
    }

    pub(crate) fn bulkhead(reader: &mut Reader<'_>) -> Option<Self> {
        let given = given(reader, "Bulkhead", "PAYMENT_POOL");
        let max_concurrent = reader.count("max_concurrent", "with 0 no call could ever get in");
        let max_wait = reader.duration_or_zero("max_wait");
        let mut own = Builder::default();
        own.call("max_concurrent", max_concurrent);
        own.call("max_wait", max_wait.as_ref().map(Duration::expression));
        own.call("max_queue", reader.number("max_queue"));
        let subject = subject(reader, "Bulkhead", given?, own)?;
        Some(Self { subject, when: None, when_ok: None, max_wait })
    }
}

/// The calls of a `const` builder: method and arguments.
#[derive(Default)]
pub(crate) struct Builder(pub(crate) Vec<(&'static str, TokenStream)>);

impl Builder {
    pub(super) fn call(&mut self, method: &'static str, arguments: Option<impl quote::ToTokens>) {
        self.0.extend(arguments.map(|arguments| (method, arguments.into_token_stream())));
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
    if is_made_here(&given, of) {
        reader.error(
            &given,
            format!(
                "this would make another `{of}` for each call, and none would see a second one. Declare it once, \
                 `static {example}: {of} = …;`, and write `#[{attribute}({example})]`"
            ),
        );
        return None;
    }
    Some(Some(given))
}

/// `CircuitBreaker::new(…)`, and what may be built on it.
fn is_made_here(given: &Expr, of: &str) -> bool {
    match given {
        Expr::MethodCall(call) => is_made_here(&call.receiver, of),
        Expr::Reference(reference) => is_made_here(&reference.expr, of),
        Expr::Call(call) => path_of(&call.func).is_some_and(|path| {
            let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
            names.next().is_some_and(|name| name == "new")
                && names.next().is_some_and(|name| name == of)
        }),
        _ => false,
    }
}

/// Given or own, not both.
fn subject(
    reader: &mut Reader<'_>,
    of: &str,
    given: Option<Expr>,
    own: Builder,
) -> Option<Subject> {
    match (given, own.0.first()) {
        (None, _) => Some(Subject::Own(own)),
        (Some(given), None) => Some(Subject::Given(given)),
        (Some(_), Some((key, value))) => {
            reader.error(
                value,
                format!(
                    "`{key}` belongs where the `{of}` named here is declared, as in `{of}::new(\"…\").{key}(…)`: others may share it"
                ),
            );
            None
        }
    }
}

/// `"payment-api"` → `PAYMENT_API`
fn shout(name: &str) -> Option<String> {
    let shouted: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    syn::parse_str::<Ident>(&shouted).is_ok().then_some(shouted)
}
