//! Rate limiters: turns, the attribute, the dependency's own word, and a model.

mod attribute;
mod dependency;
mod evenness;
mod model;
mod turns;
