//! Parameters that the body evidently consumes.
//!
//! Only what is certain from the tokens counts: a name that may be another variable's, or whose use
//! a macro of another crate decides, is left to the compiler.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::{FnArg, Pat, PatIdent, PatType, PathSegment, Type};

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
    /// Its methods are those of the standard library.
    is_of_std: bool,
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
        let segments = match &**ty {
            Type::Path(path) => path.path.segments.iter().collect(),
            _ => Vec::new(),
        };
        let is_plain = |segment: &&PathSegment| segment.arguments.is_none();
        let has_fields = !segments.is_empty() && segments.iter().all(is_plain);
        let is_of_std =
            segments.last().is_some_and(|last| OF_STD.iter().any(|known| last.ident == known));
        Some(Self { name, has_fields, is_of_std, is_certain: true, place: None })
    }

    fn consumed_in(mut self, tokens: &[TokenTree]) -> Option<Consumed> {
        self.read(tokens, false);
        let place = self.place.filter(|_| self.is_certain)?;
        Some(Consumed { parameter: self.name.clone(), place })
    }

    /// Reads statements. A block that is `moved` takes over all that it mentions.
    fn read(&mut self, tokens: &[TokenTree], moved: bool) {
        let mut in_closure = false;
        for (at, token) in tokens.iter().enumerate() {
            let moved = moved || in_closure;
            match token {
                TokenTree::Ident(ident) if ident == self.name => {
                    self.read_name(tokens, at, moved);
                }
                TokenTree::Ident(ident) if ident == "move" => {
                    in_closure |= is_punct(tokens.get(at + 1), '|');
                }
                TokenTree::Punct(end) if end.as_char() == ';' => in_closure = false,
                TokenTree::Group(group) => self.read_group(group, tokens, at, moved),
                _ => {}
            }
        }
    }

    fn read_name(&mut self, tokens: &[TokenTree], at: usize, moved: bool) {
        let back = |distance| at.checked_sub(distance).map(|index| &tokens[index]);
        let place = &tokens[at..=at];
        let rest = &tokens[at + 1..];
        let next = rest.first();
        if is_punct(back(1), '.') {
            // A field or method of this name, but for a range.
            self.is_certain &= !is_punct(back(2), '.');
        } else if is_let(&tokens[..at]) && self.is_place(until_end(rest)) {
            self.take_if(true, &tokens[at..at + 1 + until_end(rest).len()]);
        } else if is_punct(next, '.') {
            let is_method = is_group(rest.get(2), Delimiter::Parenthesis);
            let consumes = self.is_of_std && is_consuming(rest.get(1));
            self.take_if(is_method && (moved || consumes), place);
        } else if is_ident(back(1), "in") && is_group(next, Delimiter::Brace) {
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
            Delimiter::Brace if is_constructor(before, next) => self.read_fields(&inside, moved),
            Delimiter::Brace if !may_be_fields(before) => {
                self.read(&inside, moved || is_ident(before.last(), "move"));
            }
            Delimiter::Parenthesis if is_callee(before.last()) || is_constructor(before, next) => {
                self.read_arguments(&inside, moved);
            }
            Delimiter::Parenthesis if is_macro(before, &BORROWING) => {
                let is_whole = |at: &usize| !is_punct(inside.get(at + 1), '.');
                let name = self.name.to_string();
                let mut uses = (0..inside.len()).filter(|at| is_ident(inside.get(*at), &name));
                if let Some(at) = uses.find(is_whole) {
                    self.take_if(moved, &inside[at..=at]);
                }
            }
            Delimiter::Parenthesis | Delimiter::Bracket if is_macro(before, &EVALUATING) => {
                self.read_arguments(&inside, moved);
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
                    if name == self.name && self.is_place(fields) =>
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

    /// Reads the fields of a struct that is made: `id, items: items`.
    fn read_fields(&mut self, tokens: &[TokenTree], moved: bool) {
        for field in tokens.split(|token| is_punct(Some(token), ',')) {
            match field {
                [TokenTree::Ident(name)] if name == self.name => self.take_if(true, field),
                [TokenTree::Ident(_), TokenTree::Punct(colon), value @ ..]
                    if colon.as_char() == ':' =>
                {
                    self.read_arguments(value, moved);
                }
                _ => self.read(field, moved),
            }
        }
    }

    /// Returns true if the parameter is moved with these fields behind it, or as a whole.
    fn is_place(&self, fields: &[TokenTree]) -> bool {
        fields.is_empty() || self.has_fields && are_fields(fields)
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

/// Returns true after `let name =`. Another pattern may leave the value where it is.
fn is_let(before: &[TokenTree]) -> bool {
    match before {
        [.., keyword, TokenTree::Ident(name), TokenTree::Punct(equals)] => {
            equals.as_char() == '='
                && name != "_"
                && (is_ident(Some(keyword), "let") || is_ident(Some(keyword), "mut"))
        }
        _ => false,
    }
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

/// Macros that only borrow their arguments.
const BORROWING: [&str; 12] = [
    "assert", "debug", "eprintln", "error", "format", "info", "print", "println", "trace", "warn",
    "write", "writeln",
];

/// Macros whose arguments are expressions.
const EVALUATING: [&str; 4] = ["dbg", "join", "try_join", "vec"];

/// Returns true after the name of one of these macros.
fn is_macro(before: &[TokenTree], names: &[&str]) -> bool {
    match before {
        [.., TokenTree::Ident(name), TokenTree::Punct(bang)] => {
            bang.as_char() == '!' && names.iter().any(|known| name == known)
        }
        _ => false,
    }
}

/// The tokens before a `;`; all of them if there is none.
fn until_end(tokens: &[TokenTree]) -> &[TokenTree] {
    tokens.split(|token| is_punct(Some(token), ';')).next().unwrap_or(tokens)
}

/// Returns true for methods that take a `String`, `Vec`, `Option` or other container by value.
fn is_consuming(method: Option<&TokenTree>) -> bool {
    const NAMES: [&str; 10] = [
        "and_then",
        "expect",
        "into_bytes",
        "into_iter",
        "map",
        "ok_or",
        "ok_or_else",
        "unwrap",
        "unwrap_or",
        "unwrap_or_default",
    ];
    NAMES.iter().any(|name| is_ident(method, name))
}

/// Types of the standard library whose methods are known.
const OF_STD: [&str; 8] =
    ["BTreeMap", "BTreeSet", "HashMap", "HashSet", "Option", "String", "Vec", "VecDeque"];
