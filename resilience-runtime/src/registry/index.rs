//! What the program declares, and who names it.

use super::declared::source::Declared;
use super::declared::{AnnotatedFunction, Layer};
use super::registration::Registration;

/// Something declared, and who names it.
pub(super) struct Item {
    pub(super) declared: Declared,
    pub(super) functions: Vec<&'static AnnotatedFunction>,
    /// The file and line of the `register!`, if it stands in one.
    pub(super) listed: Option<(&'static str, u32)>,
    /// It is listed with what it is a part of.
    pub(super) is_part: bool,
}

impl Item {
    const fn new(declared: Declared) -> Self {
        Self { declared, functions: Vec::new(), listed: None, is_part: false }
    }
}

/// What the attributes of all functions name, in order of their paths, and what is listed by hand:
/// each once.
pub(super) fn items() -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut place_of = |declared: Declared| {
        let known = items.iter().position(|item| item.declared.is(declared));
        let place = known.unwrap_or(items.len());
        if known.is_none() {
            items.push(Item::new(declared));
        }
        place
    };
    let mut named = Vec::new();
    for function in functions_in_order() {
        let declared =
            function.layers().iter().filter_map(Layer::declared).flat_map(Declared::with_parts);
        named.extend(declared.map(|declared| (place_of(declared), function)));
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

/// The annotated functions, in no particular order.
pub(super) fn annotated_functions() -> impl Iterator<Item = &'static AnnotatedFunction> + use<> {
    inventory::iter::<AnnotatedFunction>.into_iter()
}

/// The annotated functions, in order of their paths.
pub(crate) fn functions_in_order() -> Vec<&'static AnnotatedFunction> {
    let mut functions: Vec<_> = annotated_functions().collect();
    functions.sort_by_key(|function| (function.path(), function.file(), function.line()));
    functions
}

/// Those of one type.
pub(super) fn each<T>(
    of: impl Fn(Declared) -> Option<&'static T>,
) -> std::vec::IntoIter<&'static T> {
    items().into_iter().filter_map(|item| of(item.declared)).collect::<Vec<_>>().into_iter()
}
