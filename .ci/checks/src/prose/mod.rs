//! Comments, pages and messages are in plain English, and lines are short.

mod check;
mod columns;
mod markdown;
mod openings;
mod paths;
mod rust;
mod text;
mod words;

pub(crate) use check::check;
