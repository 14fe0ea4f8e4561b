//! Parameters that the body evidently consumes.
//!
//! Only what is certain from the tokens counts: a name that may be another variable's, or whose use
//! a macro of another crate decides, is left to the compiler.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::{FnArg, Pat, PatIdent, PatType, Type};

use super::function::Function;
use crate::syntax::{is_ident, mentions};

/// A use of a parameter that moves it, unless its type is `Copy`.
pub(crate) struct Consumed {
    pub(crate) parameter: Ident,
    /// The parameter or a field of it, as in `order.id`, with the tokens of the body.
    pub(crate) place: TokenStream,
}

impl Consumed {
    /// One use for each parameter that the body consumes.
    pub(crate) fn all(function: &Function, body: &Group) -> Vec<Self> {
        // A statement under `#[cfg]` may be none.
        if mentions(body.stream(), "cfg") {
            return Vec::new();
        }
        let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
        let uses = function.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => UsesOfName::of(function, typed),
            FnArg::Receiver(_) => None,
        });
        uses.filter_map(|uses| uses.consumed_in(&tokens)).collect()
    }
}

/// Uses of one name that are known so far.
struct UsesOfName<'n> {
    name: &'n Ident,
    /// Its fields can be moved one by one: it is no pointer to them.
    has_fields: bool,
    /// Each use is that of the parameter, in an expression.
    is_certain: bool,
    /// The first use that moves it.
    place: Option<TokenStream>,
}

impl<'n> UsesOfName<'n> {
    /// `None` for references and numbers, which a body can't consume.
    fn of(function: &Function, PatType { attrs, pat, ty, .. }: &'n PatType) -> Option<Self> {
        let Pat::Ident(PatIdent { by_ref: None, subpat: None, ident: name, .. }) = &**pat else {
            return None;
        };
        let is_borrowed = matches!(**ty, Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_));
        if is_borrowed || function.is_copied(ty) || !attrs.is_empty() {
            return None;
        }
        let has_fields = match &**ty {
            Type::Path(path) => {
                path.path.segments.iter().all(|segment| segment.arguments.is_none())
            }
            _ => false,
        };
        Some(Self { name, has_fields, is_certain: true, place: None })
    }

    fn consumed_in(mut self, tokens: &[TokenTree]) -> Option<Consumed> {
        self.read(tokens, false);
        let place = self.place.filter(|_| self.is_certain)?;
        Some(Consumed { parameter: self.name.clone(), place })
    }

    /// Reads statements. A block that is `moved` takes over all that it mentions.
    fn read(&mut self, tokens: &[TokenTree], moved: bool) {
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(ident) if ident == self.name => {
                    self.read_name(tokens, at, moved);
                }
                TokenTree::Group(group) => self.read_group(group, tokens, at, moved),
                _ => {}
            }
        }
    }

    fn read_name(&mut self, tokens: &[TokenTree], at: usize, moved: bool) {
        let back = |distance| at.checked_sub(distance).map(|index| &tokens[index]);
        let next = tokens.get(at + 1);
        let place = &tokens[at..=at];
        if is_punct(back(1), '.') {
            // A field or method of this name, but for a range.
            self.is_certain &= !is_punct(back(2), '.');
        } else if is_punct(next, '.') {
            let is_method = is_group(tokens.get(at + 3), Delimiter::Parenthesis);
            self.take_if(moved && is_method, place);
        } else if is_ident(back(1), "in") && is_group(next, Delimiter::Brace)
            || is_assignment(back(2), back(1)) && is_punct(next, ';')
        {
            self.take_if(true, place);
        } else if is_punct(back(1), '&') && is_assignment(back(3), back(2)) {
            self.take_if(moved, place);
        } else {
            self.is_certain = false;
        }
    }

    fn read_group(&mut self, group: &Group, tokens: &[TokenTree], at: usize, moved: bool) {
        if !mentions(group.stream(), &self.name.to_string()) {
            return;
        }
        let inside: Vec<TokenTree> = group.stream().into_iter().collect();
        let (before, next) = (&tokens[..at], tokens.get(at + 1));
        match group.delimiter() {
            Delimiter::Brace if !may_be_fields(before) => {
                self.read(&inside, moved || is_ident(before.last(), "move"));
            }
            Delimiter::Parenthesis if is_callee(before.last()) || is_constructor(before, next) => {
                self.read_arguments(&inside, moved);
            }
            Delimiter::Parenthesis if is_formatting(before) => {
                self.take_if(moved, &[TokenTree::Ident(self.name.clone())]);
            }
            _ => self.is_certain = false,
        }
    }

    /// Reads the arguments of a call.
    fn read_arguments(&mut self, tokens: &[TokenTree], moved: bool) {
        // A comma may also be one of the parameters of a closure.
        if tokens.iter().any(|token| is_punct(Some(token), '|')) {
            return self.read(tokens, moved);
        }
        for argument in tokens.split(|token| is_punct(Some(token), ',')) {
            match argument {
                [TokenTree::Ident(name), fields @ ..]
                    if name == self.name
                        && (fields.is_empty() || self.has_fields && are_fields(fields)) =>
                {
                    self.take_if(true, argument);
                }
                [TokenTree::Punct(borrow), TokenTree::Ident(name)]
                    if borrow.as_char() == '&' && name == self.name =>
                {
                    self.take_if(moved, &argument[1..]);
                }
                _ => self.read(argument, moved),
            }
        }
    }

    fn take_if(&mut self, is_moved: bool, place: &[TokenTree]) {
        if is_moved {
            self.place.get_or_insert_with(|| place.iter().cloned().collect());
        }
    }
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn is_group(token: Option<&TokenTree>, delimiter: Delimiter) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
}

/// Returns true for the `=` of `let x =`, and false for those of `==` and `+=`.
fn is_assignment(before: Option<&TokenTree>, token: Option<&TokenTree>) -> bool {
    let is_joint = |punct: &Punct| punct.spacing() == Spacing::Joint;
    is_punct(token, '=') && !matches!(before, Some(TokenTree::Punct(punct)) if is_joint(punct))
}

/// `.id.text`
fn are_fields(tokens: &[TokenTree]) -> bool {
    tokens.chunks(2).all(|pair| match pair {
        [TokenTree::Punct(dot), TokenTree::Ident(field)] => {
            dot.as_char() == '.' && field != "await"
        }
        _ => false,
    })
}

/// Returns true if parentheses after this token hold the arguments of a call. The name of a pattern
/// begins with an upper-case letter.
fn is_callee(token: Option<&TokenTree>) -> bool {
    const KEYWORDS: [&str; 14] = [
        "as", "break", "else", "for", "if", "in", "let", "match", "move", "mut", "ref", "return",
        "static", "while",
    ];
    begins(token, char::is_lowercase) && !KEYWORDS.iter().any(|keyword| is_ident(token, keyword))
}

/// Returns true for `Some(…)` where no pattern can be: at the end of a block, or before `;`, `?`
/// or `.`.
fn is_constructor(before: &[TokenTree], next: Option<&TokenTree>) -> bool {
    begins(before.last(), char::is_uppercase)
        && (next.is_none() || [';', '?', '.'].into_iter().any(|end| is_punct(next, end)))
}

/// Returns true if braces after these tokens may hold the fields of a struct, which a pattern may
/// bind.
fn may_be_fields(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Punct(equals), TokenTree::Punct(arrow)] if arrow.as_char() == '>' => {
            equals.as_char() != '='
        }
        _ => begins(before.last(), char::is_uppercase),
    }
}

fn begins(token: Option<&TokenTree>, with: fn(char) -> bool) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident.to_string().starts_with(with))
}

/// Returns true after the name of a macro that only borrows its arguments.
fn is_formatting(before: &[TokenTree]) -> bool {
    const BORROWING: [&str; 12] = [
        "assert", "debug", "eprintln", "error", "format", "info", "print", "println", "trace",
        "warn", "write", "writeln",
    ];
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] => {
            bang.as_char() == '!' && BORROWING.iter().any(|borrowing| name == borrowing)
        }
        _ => false,
    }
}
