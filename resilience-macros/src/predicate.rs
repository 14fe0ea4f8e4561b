//! The closure that a user meant who wrote the outcome of a predicate in its place.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, Path, UnOp};

use crate::syntax::path_of;
use crate::wording::source_text;

/// Names that users give to an error or a value that they expect to be in scope.
const NAMES: [&str; 14] = [
    "e",
    "err",
    "error",
    "ex",
    "exc",
    "exception",
    "failure",
    "value",
    "val",
    "result",
    "res",
    "r",
    "it",
    "response",
];

/// `is_transient(e)` → `|e| is_transient(e)`; `None` for what may be a predicate.
pub(crate) fn as_closure(written: &Expr, parameter: &str) -> Option<String> {
    let text = match written {
        Expr::Macro(call) => format!("{}!({})", source_text(&call.mac.path), call.mac.tokens),
        other => source_text(other),
    };
    let parameter = named_in(written.to_token_stream()).unwrap_or_else(|| parameter.to_owned());
    let mentions = named_in(written.to_token_stream()).is_some();
    let body = match written {
        Expr::Path(path) if is_variant(&path.path) => {
            format!("matches!({parameter}, {text} {{ .. }})")
        }
        Expr::Call(call) if path_of(&call.func).is_some_and(is_variant) => {
            format!("matches!({parameter}, {text})")
        }
        Expr::Struct(_) => format!("matches!({parameter}, {text})"),
        Expr::Array(array) => alternatives(array.elems.iter(), &parameter)?,
        Expr::Tuple(tuple) => alternatives(tuple.elems.iter(), &parameter)?,
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitOr(_)) => {
            alternatives(either(written), &parameter)?
        }
        Expr::Binary(_) if mentions => text,
        Expr::Binary(pair) if matches!(pair.op, BinOp::Or(_) | BinOp::And(_)) => {
            let operator = pair.op.to_token_stream();
            let (left, right) = (called(&pair.left, &parameter)?, called(&pair.right, &parameter)?);
            format!("{left} {operator} {right}")
        }
        Expr::Unary(not) if matches!(not.op, UnOp::Not(_)) => match called(&not.expr, &parameter) {
            Some(called) => format!("!{called}"),
            None if mentions => text,
            None => return None,
        },
        Expr::Macro(call) if call.mac.path.is_ident("matches") => text,
        Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_) | Expr::Field(_) | Expr::Await(_)
            if mentions =>
        {
            text
        }
        Expr::Paren(inner) => return as_closure(&inner.expr, &parameter),
        _ => return None,
    };
    Some(format!("|{parameter}| {body}"))
}

/// `is_busy` → `is_busy(error)`
fn called(written: &Expr, parameter: &str) -> Option<String> {
    let path = path_of(written)?;
    let text = source_text(path);
    let of_variant = || format!("matches!({parameter}, {text} {{ .. }})");
    Some(if is_variant(path) { of_variant() } else { format!("{text}({parameter})") })
}

/// `A | B` → `A`, `B`
fn either(written: &Expr) -> Vec<&Expr> {
    match written {
        Expr::Binary(pair) if matches!(pair.op, BinOp::BitOr(_)) => {
            let mut all = either(&pair.left);
            all.extend(either(&pair.right));
            all
        }
        other => vec![other],
    }
}

fn alternatives<'e>(all: impl IntoIterator<Item = &'e Expr>, parameter: &str) -> Option<String> {
    let pattern = |written: &Expr| match path_of(written) {
        Some(path) => is_variant(path).then(|| format!("{} {{ .. }}", source_text(path))),
        None => Some(source_text(written)),
    };
    let all: Option<Vec<String>> = all.into_iter().map(pattern).collect();
    all.map(|all| format!("matches!({parameter}, {})", all.join(" | ")))
}

/// Returns true for a path to a type or variant: `ApiError::Status`.
pub(crate) fn is_variant(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
    })
}

/// The first of [`NAMES`] that is a variable among these tokens.
fn named_in(tokens: TokenStream) -> Option<String> {
    let mut after_dot = false;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_path =
            matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
        let is_call = matches!(tokens.peek(), Some(TokenTree::Group(_)));
        let found = match &token {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let is_name = !after_dot && !is_path && !is_call && NAMES.contains(&&*name);
                is_name.then_some(name)
            }
            TokenTree::Group(group) => named_in(group.stream()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        };
        if found.is_some() {
            return found;
        }
        after_dot =
            matches!(&token, TokenTree::Punct(dot) if dot.as_char() == '.' || dot.as_char() == ':');
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// rustc prints tokens without these spaces.
    fn closure(written: &str) -> Option<String> {
        let closure = as_closure(&syn::parse_str(written).expect(written), "error")?;
        Some(closure.replace(" (", "(").replace("matches !", "matches!"))
    }

    #[test]
    fn an_outcome_becomes_a_closure() {
        for (written, expected) in [
            ("is_busy(e)", "|e| is_busy(e)"),
            ("ApiError::Status", "|error| matches!(error, ApiError::Status { .. })"),
            ("[A::Busy, A::Down]", "|error| matches!(error, A::Busy { .. } | A::Down { .. })"),
            ("A::Busy | A::Down", "|error| matches!(error, A::Busy { .. } | A::Down { .. })"),
            ("is_busy || is_down", "|error| is_busy(error) || is_down(error)"),
            ("!is_fatal", "|error| !is_fatal(error)"),
        ] {
            assert_eq!(closure(written).as_deref(), Some(expected), "{written}");
        }
        assert!(closure("err.is_timeout()").expect("a closure").starts_with("|err| "));
        assert!(closure("matches!(e, A::Busy)").expect("a closure").starts_with("|e| matches!"));
    }

    #[test]
    fn what_may_be_a_predicate_is_left_alone() {
        for written in
            ["is_busy", "not(is_busy)", "|e| e.is_busy()", "self.predicate", "A::is_busy"]
        {
            assert_eq!(closure(written), None, "{written}");
        }
    }
}
