//! Everything that the program declares, and who names it.

use std::collections::HashMap;
use std::iter::Copied;
use std::slice;
use std::sync::OnceLock;

use super::declared::source::Declared;
use super::declared::{AnnotatedFunction, Layer};
use super::registration::Registration;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

/// Everything that the program declares, in order and by name.
pub(super) struct Index {
    /// In order of their paths.
    functions: Vec<&'static AnnotatedFunction>,
    /// Each once, in the order in which the functions name them, then in that of the `register!`s.
    pub(super) items: Vec<Item>,
    pub(super) circuit_breakers: Catalog<CircuitBreaker>,
    pub(super) bulkheads: Catalog<Bulkhead>,
    pub(super) retry_policies: Catalog<RetryPolicy>,
    pub(super) retry_budgets: Catalog<RetryBudget>,
    pub(super) adaptive_timeouts: Catalog<AdaptiveTimeout>,
    pub(super) policies: Catalog<Policy>,
}

/// A static with a name, and who names it.
pub(super) struct Item {
    pub(super) declared: Declared,
    pub(super) functions: Vec<&'static AnnotatedFunction>,
    /// File and line of the `register!`, if there is one.
    pub(super) listed: Option<(&'static str, u32)>,
    /// Set if the `register!` names the policy that this is a part of.
    pub(super) is_part: bool,
}

/// The statics of one type.
pub(super) struct Catalog<T: 'static> {
    all: Vec<&'static T>,
    /// The first of each name.
    by_name: HashMap<&'static str, &'static T>,
}

/// Index of this program. Built when it is first needed, and once: the linker has collected all
/// that there is.
pub(super) fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(Index::build)
}

/// The annotated functions, in order of their paths.
pub(crate) fn functions_in_order() -> Copied<slice::Iter<'static, &'static AnnotatedFunction>> {
    index().functions.iter().copied()
}

impl Index {
    fn build() -> Self {
        let mut functions: Vec<_> = inventory::iter::<AnnotatedFunction>.into_iter().collect();
        functions.sort_by_key(|function| (function.path(), function.file(), function.line()));
        let items = items(&functions);
        Self {
            circuit_breakers: Catalog::of(&items, |declared| match declared {
                Declared::CircuitBreaker(breaker) => Some((breaker.name(), breaker)),
                _ => None,
            }),
            bulkheads: Catalog::of(&items, |declared| match declared {
                Declared::Bulkhead(bulkhead) => Some((bulkhead.name(), bulkhead)),
                _ => None,
            }),
            retry_policies: Catalog::of(&items, |declared| match declared {
                Declared::RetryPolicy(policy) => Some((policy.name(), policy)),
                _ => None,
            }),
            retry_budgets: Catalog::of(&items, |declared| match declared {
                Declared::RetryBudget(budget) => Some((budget.name(), budget)),
                _ => None,
            }),
            adaptive_timeouts: Catalog::of(&items, |declared| match declared {
                Declared::AdaptiveTimeout(timeout) => Some((timeout.name(), timeout)),
                _ => None,
            }),
            policies: Catalog::of(&items, |declared| match declared {
                Declared::Policy(policy) => Some((policy.name(), policy)),
                _ => None,
            }),
            functions,
            items,
        }
    }

    /// The first annotated function of this path.
    pub(super) fn function(&self, path: &str) -> Option<&'static AnnotatedFunction> {
        let place = self.functions.partition_point(|function| function.path() < path);
        self.functions.get(place).copied().filter(|function| function.path() == path)
    }
}

impl Item {
    const fn new(declared: Declared) -> Self {
        Self { declared, functions: Vec::new(), listed: None, is_part: false }
    }
}

impl<T> Catalog<T> {
    fn of(items: &[Item], named: impl Fn(Declared) -> Option<(&'static str, &'static T)>) -> Self {
        let mut catalog = Self { all: Vec::new(), by_name: HashMap::new() };
        for (name, item) in items.iter().filter_map(|item| named(item.declared)) {
            catalog.all.push(item);
            catalog.by_name.entry(name).or_insert(item);
        }
        catalog
    }

    pub(super) fn iter(&self) -> Copied<slice::Iter<'_, &'static T>> {
        self.all.iter().copied()
    }

    pub(super) fn get(&self, name: &str) -> Option<&'static T> {
        self.by_name.get(name).copied()
    }
}

/// Everything with a name that the attributes of these functions name, or a `register!`.
fn items(functions: &[&'static AnnotatedFunction]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut place_of = |declared: Declared| {
        let known = items.iter().position(|item| item.declared.is(declared));
        let place = known.unwrap_or(items.len());
        if known.is_none() {
            items.push(Item::new(declared));
        }
        place
    };
    let has_name = |declared: &Declared| declared.name().is_some();
    let mut named = Vec::new();
    for function in functions {
        let declared =
            function.layers().iter().filter_map(Layer::declared).flat_map(Declared::with_parts);
        named.extend(declared.filter(has_name).map(|declared| (place_of(declared), *function)));
    }
    let mut registrations: Vec<_> = Registration::all().collect();
    registrations
        .sort_by_key(|registration| (registration.place(), registration.declared().name()));
    let listed: Vec<_> = registrations
        .into_iter()
        .flat_map(|registration| {
            let parts = registration.declared().with_parts().enumerate();
            parts.map(|(number, declared)| (declared, registration.place(), number > 0))
        })
        .map(|(declared, place, is_part)| (place_of(declared), place, is_part))
        .collect();
    for (place, function) in named {
        let functions = &mut items[place].functions;
        if !functions.iter().any(|known| std::ptr::eq(*known, function)) {
            functions.push(function);
        }
    }
    for (place, listed, is_part) in listed {
        items[place].listed.get_or_insert(listed);
        items[place].is_part |= is_part;
    }
    items
}
