//! The variables that a pattern binds.

use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Pat, PatIdent, Receiver, Token};

/// The variables of one pattern, and the parts of the value that no variable owns.
#[derive(Default)]
pub(crate) struct Bindings {
    /// In written order.
    pub(crate) variables: Vec<Variable>,
    /// The pattern may leave a part of the value where it was, as `_` and `..` do.
    pub(crate) leaves_parts: bool,
}

pub(crate) struct Variable {
    pub(crate) name: Ident,
    /// `mut` in `mut name`.
    pub(crate) mutability: Option<Token![mut]>,
}

impl Bindings {
    pub(crate) fn of(pattern: &Pat) -> Self {
        let mut bindings = Self::default();
        // The only visitor that is in use takes patterns by `&mut`.
        bindings.visit_pat_mut(&mut pattern.clone());
        bindings
    }

    pub(crate) fn of_self(receiver: &Receiver) -> Self {
        let name = Ident::new("self", receiver.self_token.span);
        // `self` can't be bound again: it needs no `mut` of its own.
        Self { variables: vec![Variable { name, mutability: None }], leaves_parts: false }
    }
}

impl VisitMut for Bindings {
    fn visit_pat_mut(&mut self, pattern: &mut Pat) {
        self.leaves_parts |= matches!(
            pattern,
            Pat::Wild(_) | Pat::Rest(_) | Pat::Macro(_) | Pat::Verbatim(_) | Pat::Reference(_)
        );
        if let Pat::Struct(fields) = pattern {
            self.leaves_parts |= fields.rest.is_some();
        }
        visit_mut::visit_pat_mut(self, pattern);
    }

    fn visit_pat_ident_mut(&mut self, pattern: &mut PatIdent) {
        self.leaves_parts |= pattern.by_ref.is_some();
        if !self.variables.iter().any(|variable| variable.name == pattern.ident) {
            // The `mut` of `ref mut name` belongs to the reference.
            let mutability = pattern.mutability.filter(|_| pattern.by_ref.is_none());
            self.variables.push(Variable { name: pattern.ident.clone(), mutability });
        }
        visit_mut::visit_pat_ident_mut(self, pattern);
    }
}
