//! The arguments that the body's `async` block takes over.
//!
//! An `async fn` drops its arguments after the variables of its body, the last argument first. The
//! block keeps this order: it binds the arguments again, at its start.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::parse::Parser;
use syn::{Attribute, Block, FnArg, Pat, Signature, Stmt, parse_quote};

use super::context::Context;
use crate::input::{Bindings, Frame, Function, Variable};
use crate::model::{Layer, LayerKind, Limit};
use crate::syntax::{code, may_mention};

/// The function's signature and the statements that hand its arguments over.
pub(super) struct Arguments {
    pub(super) signature: Signature,
    /// Statements before the layers.
    pub(super) before: TokenStream,
    /// Statements at the start of the body's block.
    pub(super) inside: TokenStream,
}

/// One argument.
struct OwnedArgument {
    /// The index in the signature, if the signature's pattern binds the variables.
    index: Option<usize>,
    /// `#[cfg(…)]`
    conditions: Vec<Attribute>,
    bindings: Bindings,
    /// Its type may do something when it is dropped.
    has_drop: bool,
}

pub(super) fn handed_over(cx: &Context<'_>, layers: &[Layer]) -> Arguments {
    let prologue = &cx.body.prologue;
    let mut arguments = Arguments {
        signature: cx.function.signature.clone(),
        before: TokenStream::new(),
        inside: TokenStream::new(),
    };
    // Arguments that the body borrows are dropped by the function itself.
    if cx.captures.borrows {
        arguments.before = prologue.clone();
    } else if prologue.is_empty() {
        if matches!(cx.body.frame, Frame::AsyncFn) {
            arguments.add_all(cx, layers, &declared(cx.function));
        }
    } else if cx.parameters.are_used_in(&cx.options.arguments) {
        arguments.before = prologue.clone();
        arguments.add_all(cx, layers, &bound_again(cx.function, prologue));
    } else {
        arguments.inside = prologue.clone();
    }
    arguments
}

/// The arguments in the signature of an `async fn`.
fn declared(function: &Function) -> Vec<OwnedArgument> {
    let inputs = function.signature.inputs.iter().enumerate();
    let arguments = inputs.map(|(index, input)| {
        let (attributes, bindings) = match input {
            FnArg::Receiver(receiver) => (&receiver.attrs, Bindings::of_self(receiver)),
            FnArg::Typed(typed) => (&typed.attrs, Bindings::of(&typed.pat)),
        };
        let is_condition = |attribute: &&Attribute| attribute.path().is_ident("cfg");
        OwnedArgument {
            index: Some(index),
            conditions: attributes.iter().filter(is_condition).cloned().collect(),
            bindings,
            has_drop: function.may_drop(input),
        }
    });
    arguments.collect()
}

/// The arguments in the prologue of `#[async_trait]`: `let __self = self; let a = a;`
fn bound_again(function: &Function, prologue: &TokenStream) -> Vec<OwnedArgument> {
    let statements = Block::parse_within.parse2(prologue.clone()).unwrap_or_default();
    let arguments = statements.iter().filter_map(|statement| {
        let Stmt::Local(local) = statement else { return None };
        let source = last_ident(local.init.as_ref()?.expr.to_token_stream())?;
        let input = function.signature.inputs.iter().find(|input| match input {
            FnArg::Receiver(_) => source == "self",
            FnArg::Typed(typed) => matches!(&*typed.pat, Pat::Ident(name) if name.ident == source),
        });
        Some(OwnedArgument {
            index: None,
            conditions: Vec::new(),
            bindings: Bindings::of(&local.pat),
            has_drop: input.is_none_or(|input| function.may_drop(input)),
        })
    });
    arguments.collect()
}

impl Arguments {
    fn add_all(&mut self, cx: &Context<'_>, layers: &[Layer], arguments: &[OwnedArgument]) {
        let may_rename = cx.function.attributes.iter().all(is_of_the_compiler);
        let mut is_first = true;
        for argument in arguments.iter().filter(|argument| argument.has_drop) {
            let Bindings { variables, leaves_parts } = &argument.bindings;
            let is_used = |variable: &Variable| may_mention(&cx.options.arguments, &variable.name);
            match argument.index.filter(|_| *leaves_parts && may_rename && !is_first) {
                Some(index) if !variables.iter().any(is_used) => self.take_apart(index, argument),
                _ => {
                    for variable in variables {
                        if !may_be_borrowed_from(layers, &variable.name) {
                            self.bind(cx, argument, variable, is_first, is_used(variable));
                        }
                        is_first = false;
                    }
                }
            }
            is_first = false;
        }
    }

    /// `(a, _): (A, B)` → `__argument_1: (A, B)`, and `let (a, _) = __argument_1;` in the block:
    /// the parts without a variable must be dropped with the others.
    fn take_apart(&mut self, index: usize, argument: &OwnedArgument) {
        let name = format_ident!("__argument_{index}", span = Span::mixed_site());
        let Some(FnArg::Typed(typed)) = self.signature.inputs.iter_mut().nth(index) else { return };
        let name_alone: Pat = parse_quote!(#name);
        let pattern = std::mem::replace(&mut *typed.pat, name_alone);
        let conditions = &argument.conditions;
        self.inside.extend(code!(#(#conditions)* let #name = #name;));
        if !matches!(pattern, Pat::Wild(_)) {
            self.inside.extend(code! {
                #(#conditions)*
                #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
                let #pattern = #name;
            });
        }
    }

    /// `let name = name;`
    fn bind(
        &mut self,
        cx: &Context<'_>,
        argument: &OwnedArgument,
        Variable { name, mutability }: &Variable,
        is_first: bool,
        is_used: bool,
    ) {
        let conditions = &argument.conditions;
        if is_first {
            // Dropped last, wherever it is. The block takes all of it, even if the body uses parts.
            if may_mention(&cx.body.code.stream(), name) {
                self.inside.extend(code!(#(#conditions)* if false { let _ = &#name; }));
            }
            return;
        }
        if mutability.is_some() {
            self.before.extend(code!(#(#conditions)* let _ = &mut #name;));
        }
        let used = is_used.then(|| code!(#[allow(unused_variables)]));
        self.inside.extend(code! {
            #(#conditions)*
            #used
            #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
            let #mutability #name = #name;
        });
    }
}

/// The argument that a statement of the prologue binds: `a`, or `{ let __arg1 = __arg1; __arg1 }`.
fn last_ident(value: TokenStream) -> Option<Ident> {
    match value.into_iter().last()? {
        TokenTree::Ident(name) => Some(name),
        TokenTree::Group(group) => last_ident(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

/// Returns true for attributes that do not read the function's parameters.
fn is_of_the_compiler(attribute: &Attribute) -> bool {
    const NAMES: [&str; 14] = [
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "inline",
        "must_use",
        "rustfmt",
        "track_caller",
        "warn",
        "clippy",
    ];
    let first = attribute.path().segments.first();
    first.is_some_and(|first| NAMES.iter().any(|name| first.ident == name))
}

/// Returns true if a timeout may hold a borrow of a part of the argument while the body runs, as
/// of the `AdaptiveTimeout` in `#[timeout(client.latency)]`.
fn may_be_borrowed_from(layers: &[Layer], name: &Ident) -> bool {
    layers.iter().any(|layer| match &layer.kind {
        LayerKind::Timeout(timeout) => match &timeout.limit {
            Limit::Written(limit) if !limit.is_known() => {
                !matches!(limit.written(), syn::Expr::Binary(_))
                    && may_mention(&limit.to_token_stream(), name)
            }
            _ => false,
        },
        _ => false,
    })
}
