//! The circuit breaker or bulkhead of a layer: shared and named by a path, given by an expression,
//! or the function's own.

use proc_macro2::Ident;
use quote::quote;
use syn::{Expr, ExprLit, Lit};

use super::reader::Reader;
use crate::diagnostics::Reported;
use crate::model::{BuilderCall, BuilderCalls, RuntimeType, Subject};
use crate::syntax::path_of;

/// Reads the positional argument, if there is one.
pub(super) fn positional(
    reader: &mut Reader<'_>,
    of: RuntimeType,
    example: &str,
) -> Result<Option<Expr>, Reported> {
    let attribute = reader.name();
    let mut positional = reader.positional().into_iter();
    let Some(written) = positional.next() else { return Ok(None) };
    if let Some(extra) = positional.next() {
        return Err(reader.error(
            extra,
            format!(
                "`#[{attribute}]` takes one `{of}`: for a second one write a second \
                 `#[{attribute}]`"
            ),
        ));
    }
    if let Expr::Lit(literal) = &written {
        let message = match literal {
            ExprLit { lit: Lit::Str(name), .. } => format!(
                "a name in quotes could be misspelt without anyone noticing. Declare it once, \
                 `static {}: {of} = {of}::new({name});`, and write `#[{attribute}({0})]`",
                constant_case(&name.value()).unwrap_or_else(|| String::from(example)),
                name = quote!(#name),
            ),
            _ => format!("expected the name of a `static {of}`, as in `#[{attribute}({example})]`"),
        };
        return Err(reader.error(literal, message));
    }
    if is_new(&written, of) {
        return Err(reader.error(
            &written,
            format!(
                "this would make another `{of}` for each call, and none would see a second one. \
                 Declare it once, `static {example}: {of} = …;`, and write \
                 `#[{attribute}({example})]`"
            ),
        ));
    }
    Ok(Some(written))
}

/// Returns true for `CircuitBreaker::new(…)`, also with builder calls behind it.
fn is_new(written: &Expr, of: RuntimeType) -> bool {
    match written {
        Expr::MethodCall(call) => is_new(&call.receiver, of),
        Expr::Reference(reference) => is_new(&reference.expr, of),
        Expr::Call(call) => path_of(&call.func).is_some_and(|path| {
            let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
            names.next().is_some_and(|name| name == "new")
                && names.next().is_some_and(|name| name == of.name())
        }),
        _ => false,
    }
}

/// Either an expression or the function's own: options beside an expression are refused.
pub(super) fn subject(
    reader: &mut Reader<'_>,
    of: RuntimeType,
    expression: Option<Expr>,
    own: BuilderCalls,
) -> Result<Subject, Reported> {
    match (expression, own.0.first()) {
        (None, _) => Ok(Subject::Own(own)),
        (Some(expression), None) => Ok(Subject::Expression(expression)),
        (Some(_), Some(BuilderCall { method, arguments })) => Err(reader.error(
            arguments,
            format!(
                "`{method}` belongs where the `{of}` named here is declared, as in \
                 `{of}::new(\"…\").{method}(…)`: others may share it"
            ),
        )),
    }
}

/// `"payment-api"` → `PAYMENT_API`
fn constant_case(name: &str) -> Option<String> {
    let to_constant =
        |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let constant: String = name.chars().map(to_constant).collect();
    syn::parse_str::<Ident>(&constant).is_ok().then_some(constant)
}
