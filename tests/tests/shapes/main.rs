//! The forms that an annotated function may have.

mod arguments;
mod drop_order;
mod futures;
mod methods;
mod other_attributes;
mod paths;
mod used_again;
