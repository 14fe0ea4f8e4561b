//! Everything that the program declares, and who names it.

use std::collections::HashMap;
use std::iter::Copied;
use std::slice;
use std::sync::OnceLock;

use super::declared::source::{Declared, Identity};
use super::declared::{AnnotatedFunction, Layer};
use super::registration::Registration;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::keyed::KeyedInstances;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

/// Everything that the program declares, in order and by name.
pub(super) struct Index {
    /// In order of their paths.
    functions: Vec<&'static AnnotatedFunction>,
    /// Each once, in the order in which the functions name them, then in that of the `register!`s.
    pub(super) items: Vec<Item>,
    places: Places,
    pub(super) circuit_breakers: Catalog<CircuitBreaker>,
    pub(super) bulkheads: Catalog<Bulkhead>,
    pub(super) keyed_circuit_breakers: Catalog<dyn KeyedInstances<CircuitBreaker>>,
    pub(super) keyed_bulkheads: Catalog<dyn KeyedInstances<Bulkhead>>,
    pub(super) rate_limiters: Catalog<RateLimiter>,
    pub(super) keyed_rate_limiters: Catalog<dyn KeyedInstances<RateLimiter>>,
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

/// Places of the items in their list, by their identities.
struct Places(HashMap<Identity, usize>);

/// The statics of one type.
pub(super) struct Catalog<T: ?Sized + 'static> {
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
        let (items, places) = items(&functions);
        Self {
            circuit_breakers: Catalog::of(&items, |declared| match declared {
                Declared::CircuitBreaker(breaker) => Some((breaker.name(), breaker)),
                _ => None,
            }),
            bulkheads: Catalog::of(&items, |declared| match declared {
                Declared::Bulkhead(bulkhead) => Some((bulkhead.name(), bulkhead)),
                _ => None,
            }),
            keyed_circuit_breakers: Catalog::of(&items, |declared| match declared {
                Declared::CircuitBreakers(keyed) => Some((keyed.template().name(), keyed)),
                _ => None,
            }),
            keyed_bulkheads: Catalog::of(&items, |declared| match declared {
                Declared::Bulkheads(keyed) => Some((keyed.template().name(), keyed)),
                _ => None,
            }),
            rate_limiters: Catalog::of(&items, |declared| match declared {
                Declared::RateLimiter(limiter) => Some((limiter.name(), limiter)),
                _ => None,
            }),
            keyed_rate_limiters: Catalog::of(&items, |declared| match declared {
                Declared::RateLimiters(keyed) => Some((keyed.template().name(), keyed)),
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
            places,
        }
    }

    /// The first annotated function of this path.
    pub(super) fn function(&self, path: &str) -> Option<&'static AnnotatedFunction> {
        let place = self.functions.partition_point(|function| function.path() < path);
        self.functions.get(place).copied().filter(|function| function.path() == path)
    }

    /// The functions that name this policy, or one that it is a part of.
    pub(super) fn functions_of(&self, policy: Identity) -> &[&'static AnnotatedFunction] {
        self.places.0.get(&policy).map_or(&[], |place| &self.items[*place].functions)
    }
}

impl Item {
    const fn new(declared: Declared) -> Self {
        Self { declared, functions: Vec::new(), listed: None, is_part: false }
    }
}

impl<T: ?Sized> Catalog<T> {
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

    /// The names, each once, in no particular order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.by_name.keys().copied()
    }

    pub(super) fn get(&self, name: &str) -> Option<&'static T> {
        self.by_name.get(name).copied()
    }
}

/// Everything with a name that the attributes of these functions name, or a `register!`.
fn items(functions: &[&'static AnnotatedFunction]) -> (Vec<Item>, Places) {
    let mut items: Vec<Item> = Vec::new();
    let mut places = Places(HashMap::new());
    for function in functions {
        let declared =
            function.layers().iter().filter_map(Layer::declared).flat_map(Declared::with_parts);
        for declared in declared {
            let Some(place) = places.of(declared, &mut items) else { continue };
            let functions = &mut items[place].functions;
            // Each function comes once, so that it can only be the last.
            if !functions.last().is_some_and(|last| std::ptr::eq(*last, *function)) {
                functions.push(function);
            }
        }
    }
    let mut registrations: Vec<_> = Registration::all().collect();
    registrations
        .sort_by_key(|registration| (registration.place(), registration.declared().name()));
    for registration in registrations {
        for (number, declared) in registration.declared().with_parts().enumerate() {
            let Some(place) = places.of(declared, &mut items) else { continue };
            items[place].listed.get_or_insert(registration.place());
            items[place].is_part |= number > 0;
        }
    }
    (items, places)
}

impl Places {
    /// Returns the place of the item, which is appended if it is not known; `None` for a constant.
    fn of(&mut self, declared: Declared, items: &mut Vec<Item>) -> Option<usize> {
        let place = *self.0.entry(declared.identity()?).or_insert(items.len());
        if place == items.len() {
            items.push(Item::new(declared));
        }
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_statics_are_found_by_their_identity_and_the_first_of_each_name_by_the_name() {
        const STATICS: usize = 3_000;
        let breaker = |_| -> &'static CircuitBreaker {
            Box::leak(Box::new(CircuitBreaker::new("one of many")))
        };
        let breakers: Vec<_> = (0..STATICS).map(breaker).collect();
        let (mut items, mut places) = (Vec::new(), Places(HashMap::new()));
        for _ in 0..2 {
            let place = |breaker| places.of(Declared::CircuitBreaker(breaker), &mut items);
            let found: Vec<_> = breakers.iter().copied().filter_map(place).collect();
            assert_eq!(found, (0..STATICS).collect::<Vec<_>>());
        }
        assert_eq!(items.len(), STATICS);
        assert_eq!(places.of(Declared::Limit(std::time::Duration::ZERO), &mut items), None);
        let catalog = Catalog::of(&items, |declared| match declared {
            Declared::CircuitBreaker(breaker) => Some((breaker.name(), breaker)),
            _ => None,
        });
        assert!(catalog.get("one of many").is_some_and(|found| std::ptr::eq(found, breakers[0])));
        assert!(catalog.get("none of them").is_none());
        assert_eq!(catalog.iter().count(), STATICS);
    }
}
