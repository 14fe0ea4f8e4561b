//! Finding the asynchronous code of a function, and what stands around it.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::{Error, Result, ReturnType, Signature, Type};

use crate::item::{Item, mentions};
use crate::output;

/// Where in the function the asynchronous code stands.
pub(crate) struct Body {
    /// `#![…]` at the start of the function.
    pub(crate) inner_attributes: TokenStream,
    /// What stands around the asynchronous code.
    pub(crate) frame: Frame,
    /// What `#[async_trait]` has put before the user's code: its own names for the arguments.
    pub(crate) prologue: TokenStream,
    /// The name `self` goes by there.
    pub(crate) receiver: Option<Ident>,
    /// The user's code, in braces.
    pub(crate) code: Group,
    /// What it returns, where the signature says it.
    pub(crate) output: Option<Type>,
}

/// What stands around the asynchronous code of a function.
pub(crate) enum Frame {
    /// Nothing: the function is `async`.
    AsyncFn,
    /// The function returns a future: `before; async move { code }`
    Future { before: TokenStream },
    /// The same in a box: `before; Box::pin(async move { code })`
    Boxed { before: TokenStream, pin: TokenStream },
    /// What `#[tokio::main]` and `#[tokio::test]` make of an `async fn`: `let body = async { code }; after`
    Driven { before: TokenStream, after: TokenStream },
}

impl Item {
    /// Finds the asynchronous code. The error says what would have some.
    pub(crate) fn asynchronous(&self) -> Result<Body> {
        let signature = &self.signature;
        if let Some(token) = &signature.constness {
            return Err(Error::new_spanned(
                token,
                "a `const fn` can't wait for anything: remove `const` and make it an `async fn`",
            ));
        }
        let (inner_attributes, statements) = split_inner_attributes(self.body.stream());
        if signature.asyncness.is_some() {
            let output = match &signature.output {
                ReturnType::Default => {
                    return Err(Error::new_spanned(
                        &signature.ident,
                        format!(
                            "`{}` can't fail, so there is nothing for these attributes to act on: make it return a `Result`, \
                             as in `-> Result<(), resilience::Error>`",
                            signature.ident
                        ),
                    ));
                }
                ReturnType::Type(_, output) if output::evidently_no_result(output) => {
                    return Err(Error::new_spanned(
                        output,
                        format!(
                            "`{}` can't fail, so there is nothing for these attributes to act on: make it return a `Result`, \
                             as in `-> Result<…, resilience::Error>`",
                            signature.ident
                        ),
                    ));
                }
                ReturnType::Type(_, output) => Some((**output).clone()),
            };
            // With the braces as they are: rustc, which has read the body before, then says the same of a mistake in it, and says it once.
            let code = if inner_attributes.is_empty() {
                self.body.clone()
            } else {
                let mut code = Group::new(Delimiter::Brace, statements);
                code.set_span(braces(&self.body));
                code
            };
            return Ok(Body {
                inner_attributes,
                frame: Frame::AsyncFn,
                prologue: TokenStream::new(),
                receiver: None,
                code,
                output,
            });
        }
        let found = split_tail(statements.clone()).or_else(|| split_driven(statements));
        let Some((frame, code)) = found else {
            return Err(Error::new_spanned(
                signature.fn_token,
                format!(
                    "`{}` is not asynchronous: write `async fn`, or return a future that starts with `async move {{ … }}` or \
                     `Box::pin(async move {{ … }})` as the last expression",
                    signature.ident
                ),
            ));
        };
        let (prologue, receiver, code) = if is_async_trait(signature) {
            split_prologue(&code)
        } else {
            (TokenStream::new(), None, code)
        };
        let output = match &signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, output) if matches!(frame, Frame::Driven { .. }) => {
                Some((**output).clone())
            }
            ReturnType::Type(_, output) => output::of_future(output),
        };
        Ok(Body { inner_attributes, frame, prologue, receiver, code, output })
    }
}

/// The span for braces that we move: errors point at the user's, but lints know that nobody wrote them here.
fn braces(written: &Group) -> Span {
    written.span().resolved_at(Span::mixed_site())
}

/// `#![a] #![b] rest` → `#![a] #![b]`, `rest`
pub(crate) fn split_inner_attributes(body: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let mut end = 0;
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group), ..] =
        &tokens[end..]
        && hash.as_char() == '#'
        && bang.as_char() == '!'
        && group.delimiter() == Delimiter::Bracket
    {
        end += 3;
    }
    let mut tokens = tokens.into_iter();
    (tokens.by_ref().take(end).collect(), tokens.collect())
}

/// `before async move { code }` → `before`, `{ code }`; the same in `Box::pin(…)`, and without `move`.
fn split_tail(body: TokenStream) -> Option<(Frame, Group)> {
    let mut tokens: Vec<TokenTree> = body.into_iter().collect();
    let TokenTree::Group(last) = tokens.pop()? else { return None };
    match last.delimiter() {
        Delimiter::Brace => {
            pop_async(&mut tokens)?;
            Some((Frame::Future { before: tokens.into_iter().collect() }, last))
        }
        Delimiter::Parenthesis => {
            let mut inside: Vec<TokenTree> = last.stream().into_iter().collect();
            inside
                .pop_if(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','));
            let TokenTree::Group(code) = inside.pop()? else { return None };
            pop_async(&mut inside)?;
            if !inside.is_empty() || code.delimiter() != Delimiter::Brace {
                return None;
            }
            // Back over the path: idents and `::`, as in `Box::pin` or `::std::boxed::Box::pin`.
            let is_path = |token: &TokenTree| match token {
                TokenTree::Ident(_) => true,
                TokenTree::Punct(punct) => punct.as_char() == ':',
                _ => false,
            };
            let length = tokens.iter().rev().take_while(|token| is_path(token)).count();
            let pin = tokens.split_off(tokens.len() - length);
            if !matches!(pin.last(), Some(TokenTree::Ident(ident)) if ident == "pin") {
                return None;
            }
            let before = tokens.into_iter().collect();
            Some((Frame::Boxed { before, pin: pin.into_iter().collect() }, code))
        }
        Delimiter::Bracket | Delimiter::None => None,
    }
}

/// `let body = async { code }; after` → `let body =`, `{ code }`, `; after`, where a runtime is made to run it
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

/// Takes `async` or `async move` off the end. One that takes nothing with it may as well move.
fn pop_async(tokens: &mut Vec<TokenTree>) -> Option<TokenTree> {
    let is = |token: &TokenTree, keyword: &str| matches!(token, TokenTree::Ident(ident) if ident == keyword);
    tokens.pop_if(|token| is(token, "move"));
    tokens.pop_if(|token| is(token, "async"))
}

/// `#[async_trait]` has been here: it names the lifetime of its futures so.
fn is_async_trait(signature: &Signature) -> bool {
    mentions(quote::quote!(#signature), "async_trait")
}

/// What `#[async_trait]` makes of a body is, in this order: a statement that fixes the return type, one `let` for
/// each argument, and the user's code. The arguments are moved once, so they stay outside of what may run
/// again:
///
/// `{ if let … { … } let __self = self; let a = a; code }` → `if let … let a = a;`, `__self`, `{ code }`
fn split_prologue(code: &Group) -> (TokenStream, Option<Ident>, Group) {
    let tokens: Vec<TokenTree> = code.stream().into_iter().collect();
    let is_ident = |token: Option<&TokenTree>, name: &str| matches!(token, Some(TokenTree::Ident(ident)) if ident == name);
    let is_punct = |token: &TokenTree, wanted: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted && punct.spacing() == Spacing::Alone);
    let mut end = 0;
    let mut receiver = None;
    loop {
        let rest = &tokens[end..];
        if is_ident(rest.first(), "if") {
            let Some(block) = rest.iter().position(
                |token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace),
            ) else {
                break;
            };
            end += block + 1;
        } else if is_ident(rest.first(), "let") {
            let Some(semicolon) = rest.iter().position(|token| is_punct(token, ';')) else { break };
            let [.., equals, TokenTree::Ident(argument)] = &rest[..semicolon] else { break };
            if !is_punct(equals, '=') {
                break;
            }
            if argument == "self"
                && let Some(TokenTree::Ident(name)) = rest[..semicolon - 2].last()
            {
                receiver = Some(name.clone());
            }
            end += semicolon + 1;
        } else {
            break;
        }
    }
    let mut tokens = tokens.into_iter();
    let prologue = tokens.by_ref().take(end).collect();
    let mut rest = Group::new(Delimiter::Brace, tokens.collect());
    rest.set_span(braces(code));
    (prologue, receiver, rest)
}
