//! The circuit breaker, bulkhead or rate limiter of a layer: shared and named by a path, given by
//! an expression, or the function's own.

use proc_macro2::Ident;
use quote::quote;
use resilience_options::Options;
use syn::{Expr, ExprLit, Lit, Stmt, UnOp};

use super::options;
use super::reader::Reader;
use crate::diagnostics::Reported;
use crate::model::{RuntimeType, Subject};
use crate::syntax::path_of;

/// Reads either an expression or the function's own options. `example` is the name of a `static`.
pub(super) fn read<O: Options>(
    reader: &mut Reader<'_>,
    of: RuntimeType,
    example: &str,
) -> Result<Subject<O>, Reported> {
    match positional(reader, of, example) {
        Ok(Some(expression)) => {
            options::refuse(reader, options::names::<O>(), of)?;
            Ok(Subject::Expression(expression))
        }
        Ok(None) => Ok(Subject::Own(Box::new(options::read(reader)))),
        Err(reported) => {
            // Only for the mistakes in them.
            options::read::<O>(reader);
            Err(reported)
        }
    }
}

/// Reads the positional argument, if there is one.
fn positional(
    reader: &mut Reader<'_>,
    of: RuntimeType,
    example: &str,
) -> Result<Option<Expr>, Reported> {
    let attribute = reader.name();
    let written = reader.positional();
    if let Some(message) = numbers(of, attribute, &written) {
        return Err(reader.error(quote!(#(#written),*), message));
    }
    let mut positional = written.into_iter();
    let Some(written) = positional.next() else { return Ok(None) };
    if let Some(extra) = positional.next() {
        return Err(reader.error(
            extra,
            format!(
                "`#[{attribute}]` takes one `{of}`: write a second `#[{attribute}]` for a second \
                 `{of}`"
            ),
        ));
    }
    match never_shared(attribute, &written, of, example) {
        Some(message) => Err(reader.error(written, message)),
        None => Ok(Some(written)),
    }
}

/// The message about limits without their names: `#[bulkhead(10, 100)]`.
fn numbers(of: RuntimeType, attribute: &str, written: &[Expr]) -> Option<String> {
    let is_breaker = of == RuntimeType::CircuitBreaker;
    let [mut count, next] = match of {
        RuntimeType::CircuitBreaker => ["consecutive_failures", "success_threshold"],
        RuntimeType::RateLimiter => ["per_second", "burst"],
        _ => ["max_concurrent", "max_queue"],
    };
    let mut named = Vec::new();
    for number in written {
        let Expr::Lit(ExprLit { lit, .. }) = number else { return None };
        let key = match lit {
            Lit::Int(int) if int.suffix().is_empty() => std::mem::replace(&mut count, next),
            Lit::Float(float) if float.suffix().is_empty() && is_breaker => "failure_rate",
            Lit::Int(_) | Lit::Float(_) if is_breaker => "open_for",
            Lit::Int(_) | Lit::Float(_) => "max_wait",
            _ => return None,
        };
        named.push(format!("{key} = {}", quote!(#lit)));
    }
    let named = named.join(", ");
    (!named.is_empty()).then(|| {
        format!(
            "expected `argument = value` or the name of a `static {of}`: write \
             `#[{attribute}({named})]`"
        )
    })
}

/// The message about something that can't be a shared circuit breaker, bulkhead or rate limiter.
fn never_shared(attribute: &str, written: &Expr, of: RuntimeType, example: &str) -> Option<String> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => Some(format!(
            "expected the name of a `static {of}`, found text, which rustc can't check: declare \
             `static {constant}: {of} = {of}::new({name});` and write `#[{attribute}({constant})]`",
            constant = constant_case(&name.value()).unwrap_or_else(|| String::from(example)),
            name = quote!(#name),
        )),
        _ if !may_be_policy(written) => {
            Some(format!("expected the name of a `static {of}`, as in `#[{attribute}({example})]`"))
        }
        _ => is_new(written, of).then(|| {
            let seen = if of == RuntimeType::CircuitBreaker { "result" } else { "call" };
            format!(
                "this creates a new `{of}` for every call, so it would never see more than one \
                 {seen}: declare `static {example}: {of} = …;` and write \
                 `#[{attribute}({example})]`"
            )
        }),
    }
}

/// Returns true for an expression whose value may be a policy, or refer to one.
pub(super) fn may_be_policy(written: &Expr) -> bool {
    match written {
        Expr::Path(_)
        | Expr::Field(_)
        | Expr::MethodCall(_)
        | Expr::Call(_)
        | Expr::Index(_)
        | Expr::Macro(_)
        | Expr::If(_)
        | Expr::Match(_)
        | Expr::Block(_) => true,
        Expr::Reference(inner) => may_be_policy(&inner.expr),
        Expr::Paren(inner) => may_be_policy(&inner.expr),
        Expr::Group(inner) => may_be_policy(&inner.expr),
        Expr::Unary(inner) => matches!(inner.op, UnOp::Deref(_)),
        _ => false,
    }
}

/// Returns true for `CircuitBreaker::new(…)`, also with builder calls behind it, and in an `Arc`,
/// parentheses or a block.
pub(super) fn is_new(written: &Expr, of: RuntimeType) -> bool {
    match written {
        Expr::MethodCall(call) => is_new(&call.receiver, of),
        Expr::Reference(reference) => is_new(&reference.expr, of),
        Expr::Paren(inner) => is_new(&inner.expr, of),
        Expr::Group(inner) => is_new(&inner.expr, of),
        Expr::Block(block) => match block.block.stmts.last() {
            Some(Stmt::Expr(value, None)) => is_new(value, of),
            _ => false,
        },
        Expr::Call(call) => {
            is_constructor(&call.func, of.name())
                || ["Arc", "Box", "Rc"].into_iter().any(|owner| is_constructor(&call.func, owner))
                    && call.args.iter().any(|argument| is_new(argument, of))
        }
        _ => false,
    }
}

/// Returns true for `path::Type::new`.
fn is_constructor(function: &Expr, ty: &str) -> bool {
    path_of(function).is_some_and(|path| {
        let mut names = path.segments.iter().rev().map(|segment| &segment.ident);
        names.next().is_some_and(|name| name == "new")
            && names.next().is_some_and(|name| name == ty)
    })
}

/// `"payment-api"` → `PAYMENT_API`
pub(super) fn constant_case(name: &str) -> Option<String> {
    let to_constant =
        |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let constant: String = name.chars().map(to_constant).collect();
    syn::parse_str::<Ident>(&constant).is_ok().then_some(constant)
}
