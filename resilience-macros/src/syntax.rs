//! Small helpers on tokens and syntax.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::{Error, Expr, ExprLit, Lit, Path, Result};

/// `quote!` whose local names can't collide with the user's.
macro_rules! code {
    ($($tokens:tt)*) => { quote::quote_spanned!(proc_macro2::Span::mixed_site()=> $($tokens)*) };
}
pub(crate) use code;

/// The path, if the expression is only that.
pub(crate) fn path_of(expr: &Expr) -> Option<&Path> {
    match expr {
        Expr::Path(path) if path.qself.is_none() && path.attrs.is_empty() => Some(&path.path),
        _ => None,
    }
}

/// Removes the invisible group that a macro's `$name:expr` or `$name:path` puts around a path,
/// literal or closure. An operator keeps its group, which holds its operands together.
pub(crate) fn ungrouped(written: Expr) -> Expr {
    match written {
        Expr::Group(group)
            if matches!(
                *group.expr,
                Expr::Path(_) | Expr::Lit(_) | Expr::Closure(_) | Expr::Group(_)
            ) =>
        {
            ungrouped(*group.expr)
        }
        other => other,
    }
}

/// `Some(value)` → `value`
pub(crate) fn unwrapped(written: &Expr) -> &Expr {
    match written {
        Expr::Call(call) if call.args.len() == 1 => match path_of(&call.func) {
            Some(path) if path.is_ident("Some") => unwrapped(&call.args[0]),
            _ => written,
        },
        Expr::Paren(inner) => unwrapped(&inner.expr),
        _ => written,
    }
}

/// Returns true if the token is this identifier.
pub(crate) fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

/// Returns true if a name before this token begins a path, as in `config::LIMIT`: such a name is
/// no parameter.
pub(crate) fn begins_path(next: Option<&TokenTree>) -> bool {
    matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

/// Returns true if `name` occurs anywhere in these tokens.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// Returns true if these tokens may use the variable `name`: by its name, or in a format string.
pub(crate) fn may_mention(tokens: &TokenStream, name: &Ident) -> bool {
    let name = name.to_string();
    mentions(tokens.clone(), &name) || formats(tokens.clone(), name.trim_start_matches("r#"))
}

/// Returns true if a literal contains `{name`.
fn formats(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Literal(literal) => literal.to_string().contains(&format!("{{{name}")),
        TokenTree::Group(group) => formats(group.stream(), name),
        TokenTree::Ident(_) | TokenTree::Punct(_) => false,
    })
}

/// `{ statements }`. Errors point at the user's braces, but lints see that the macro wrote these.
pub(crate) fn in_braces_of(written: &Group, statements: TokenStream) -> Group {
    let mut braces = Group::new(Delimiter::Brace, statements);
    braces.set_span(written.span().resolved_at(Span::mixed_site()));
    braces
}

/// The user's braces, which rustc does not call unnecessary: a statement comes before the code.
/// Errors about the type of the block point at the user's braces.
pub(crate) fn needed_braces(written: &Group) -> Group {
    let (statement, code) = (
        code!(
            const _: () = ();
        ),
        written.stream(),
    );
    let mut braces = Group::new(Delimiter::Brace, quote::quote!(#statement #code));
    braces.set_span(written.span());
    braces
}

/// `crate = ::path`
pub(crate) fn renamed_crate(value: &Expr) -> Result<Path> {
    if let Some(path) = path_of(value) {
        return Ok(path.clone());
    }
    Err(match value {
        Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Error::new_spanned(
            path,
            format!(
                "expected the path of the renamed crate, without quotes: write `crate = ::{}`",
                path.value().trim_start_matches("::")
            ),
        ),
        other => Error::new_spanned(
            other,
            "expected the path of the renamed crate, as in `crate = ::my_resilience`",
        ),
    })
}
