//! The forms that an annotated function may have.

mod arguments;
mod futures;
mod methods;
mod other_attributes;
mod paths;
