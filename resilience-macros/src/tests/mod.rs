//! Tests of the whole crate: what the attributes expand to, and what they make of tokens that
//! nobody writes.

mod any_tokens;
mod arbitrary;
mod keys;
mod mutilated;
mod options;
mod snapshots;
