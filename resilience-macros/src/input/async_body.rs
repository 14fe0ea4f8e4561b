//! Finding the asynchronous code of a function, and the code around it.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Error, Result, ReturnType, Signature, Type};

use super::function::{Function, split_inner_attributes};
use super::{async_trait, output};
use crate::syntax::{in_braces_of, is_ident, mentions};

/// The asynchronous code of a function.
pub(crate) struct AsyncBody {
    /// `#![…]` at the start of the function.
    pub(crate) inner_attributes: TokenStream,
    pub(crate) frame: Frame,
    /// Statements of `#[async_trait]` before the user's code: its own names for the arguments.
    pub(crate) prologue: TokenStream,
    /// The name of `self` in the prologue.
    pub(crate) receiver: Option<Ident>,
    /// The user's code, in braces.
    pub(crate) code: Group,
    /// The output of the code, if the signature shows it.
    pub(crate) output: Option<Type>,
}

/// The code around the asynchronous code of a function.
pub(crate) enum Frame {
    /// None: the function is `async`.
    AsyncFn,
    /// The function returns a future: `before; async move { code }`
    Future { before: TokenStream },
    /// The function returns a boxed future: `before; Box::pin(async move { code })`
    Boxed { before: TokenStream, pin: TokenStream },
    /// `#[tokio::main]` or `#[tokio::test]` on an `async fn`: `let body = async { code }; after`
    Driven { before: TokenStream, after: TokenStream },
}

impl AsyncBody {
    /// Finds the asynchronous code. The error says how to write it.
    pub(crate) fn find(function: &Function) -> Result<Self> {
        let signature = &function.signature;
        if let Some(token) = &signature.constness {
            return Err(Error::new_spanned(
                token,
                "a `const fn` can't be asynchronous: remove `const`, and write `async fn`",
            ));
        }
        let (inner_attributes, statements) = split_inner_attributes(function.body.stream());
        if signature.asyncness.is_some() {
            Self::of_async_fn(function, inner_attributes, statements)
        } else {
            Self::in_future(function, inner_attributes, statements)
        }
    }

    /// `async fn f() -> Result<T, E> { code }`
    fn of_async_fn(
        function: &Function,
        inner_attributes: TokenStream,
        statements: TokenStream,
    ) -> Result<Self> {
        let output = returned_result(&function.signature)?;
        // Unchanged braces: rustc has read the body before, and reports a syntax error in it once
        // if it reads the same tokens again.
        let code = if inner_attributes.is_empty() {
            function.body.clone()
        } else {
            in_braces_of(&function.body, statements)
        };
        Ok(Self {
            inner_attributes,
            frame: Frame::AsyncFn,
            prologue: TokenStream::new(),
            receiver: None,
            code,
            output: Some(output),
        })
    }

    /// `fn f() -> impl Future<Output = Result<T, E>> { async move { code } }`
    fn in_future(
        function: &Function,
        inner_attributes: TokenStream,
        statements: TokenStream,
    ) -> Result<Self> {
        let signature = &function.signature;
        let found = split_tail(statements.clone()).or_else(|| split_driven(statements));
        let (frame, code) = found.ok_or_else(|| not_asynchronous(function))?;
        let (prologue, receiver, code) = if async_trait::has_expanded(signature) {
            async_trait::split_prologue(&code)
        } else {
            (TokenStream::new(), None, code)
        };
        let output = match (&signature.output, &frame) {
            (ReturnType::Default, _) => None,
            (ReturnType::Type(_, output), Frame::Driven { .. }) => Some((**output).clone()),
            (ReturnType::Type(_, output), _) => output::of_future(output),
        };
        Ok(Self { inner_attributes, frame, prologue, receiver, code, output })
    }

    /// Returns true if the error type is evidently a type parameter.
    pub(crate) fn has_parameter_as_error(&self, function: &Function) -> bool {
        let signature = &function.signature;
        self.output.as_ref().is_some_and(|output| output::is_error_a_parameter(output, signature))
    }
}

/// The return type of an `async fn`, unless it can't be a `Result`.
fn returned_result(signature: &Signature) -> Result<Type> {
    let name = &signature.ident;
    match &signature.output {
        ReturnType::Default => Err(Error::new_spanned(
            name,
            format!(
                "`{name}` can't fail, so these attributes would have no effect: return a `Result`, \
                 as in `-> Result<(), resilience::Error>`"
            ),
        )),
        ReturnType::Type(_, output) if output::is_evidently_no_result(output) => {
            Err(Error::new_spanned(
                output,
                format!(
                    "`{name}` can't fail, so these attributes would have no effect: return a \
                     `Result`, as in `-> Result<…, resilience::Error>`"
                ),
            ))
        }
        ReturnType::Type(_, output) if output::hides_result(output, &signature.generics) => {
            let returned = output.to_token_stream().to_string().replace("< >", "<>");
            Err(Error::new_spanned(
                output,
                format!(
                    "`{returned}` hides the error, on which these attributes act: return a \
                     `Result`, as in `-> Result<{returned}, AppError>`"
                ),
            ))
        }
        ReturnType::Type(_, output) => Ok((**output).clone()),
    }
}

fn not_asynchronous(function: &Function) -> Error {
    let name = &function.signature.ident;
    let message = if is_run_by_another_attribute(function) {
        format!(
            "`{name}` is not asynchronous here: if an attribute above runs it on a runtime, as \
             `#[sqlx::test]` does, write these attributes above that one; otherwise write \
             `async fn`"
        )
    } else {
        format!(
            "`{name}` is not asynchronous: write `async fn`, or end the body with \
             `async move {{ … }}` or `Box::pin(async move {{ … }})`"
        )
    };
    Error::new_spanned(function.signature.fn_token, message)
}

/// Returns true if an attribute that makes a test or a `main` of an `async fn` may have expanded
/// the function before: there is a `#[test]`, or the body waits for a future or contains the
/// `async fn`.
fn is_run_by_another_attribute(function: &Function) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().segments.last().is_some_and(|last| last.ident == "test")
    };
    let body = function.body.stream();
    function.attributes.iter().any(is_test)
        || mentions(body.clone(), "block_on")
        || mentions(body, &function.signature.ident.to_string())
}

/// `before async move { code }` → `before`, `{ code }`; the same in `Box::pin(…)`, and without
/// `move`.
fn split_tail(body: TokenStream) -> Option<(Frame, Group)> {
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    let TokenTree::Group(last) = tokens.pop()? else { return None };
    match last.delimiter() {
        Delimiter::Brace => {
            pop_async(&mut tokens)?;
            Some((Frame::Future { before: tokens.into_iter().collect() }, last))
        }
        Delimiter::Parenthesis => split_boxed(tokens, &last),
        Delimiter::Bracket | Delimiter::None => None,
    }
}

/// `before Box::pin` and `(async move { code })` → `before`, `Box::pin`, `{ code }`
fn split_boxed(mut tokens: Vec<TokenTree>, arguments: &Group) -> Option<(Frame, Group)> {
    let mut inside: Vec<TokenTree> = arguments.stream().into_iter().collect();
    inside.pop_if(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','));
    let TokenTree::Group(code) = inside.pop()? else { return None };
    pop_async(&mut inside)?;
    if !inside.is_empty() || code.delimiter() != Delimiter::Brace {
        return None;
    }
    // The path may be longer, as in `::std::boxed::Box::pin`.
    let is_path = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let length = tokens.iter().rev().take_while(|token| is_path(token)).count();
    let pin = tokens.split_off(tokens.len() - length);
    if !is_ident(pin.last(), "pin") {
        return None;
    }
    let before = tokens.into_iter().collect();
    Some((Frame::Boxed { before, pin: pin.into_iter().collect() }, code))
}

/// `let body = async { code }; after` → `let body =`, `{ code }`, `; after`, if a runtime's
/// `block_on` runs it.
fn split_driven(body: TokenStream) -> Option<(Frame, Group)> {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let [
        TokenTree::Ident(keyword),
        TokenTree::Ident(_),
        TokenTree::Punct(equals),
        TokenTree::Ident(asynchronous),
        TokenTree::Group(code),
        after @ ..,
    ] = &*tokens
    else {
        return None;
    };
    let after: TokenStream = after.iter().cloned().collect();
    if keyword != "let"
        || equals.as_char() != '='
        || asynchronous != "async"
        || !mentions(after.clone(), "block_on")
    {
        return None;
    }
    let before = tokens[..3].iter().cloned().collect();
    Some((Frame::Driven { before, after }, code.clone()))
}

/// Takes `async` or `async move` off the end. A block without `move` that captures nothing can be
/// emitted as `async move`.
fn pop_async(tokens: &mut Vec<TokenTree>) -> Option<TokenTree> {
    tokens.pop_if(|token| is_ident(Some(token), "move"));
    tokens.pop_if(|token| is_ident(Some(token), "async"))
}
