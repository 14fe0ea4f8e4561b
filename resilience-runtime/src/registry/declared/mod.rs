//! Annotated functions and their layers, as [`Registry::functions`](crate::Registry::functions)
//! lists them.

mod annotated_function;
mod item_kind;
mod layer;
mod layer_kind;
pub(crate) mod named;
pub(crate) mod register;
pub(crate) mod source;

pub use annotated_function::AnnotatedFunction;
pub use item_kind::ItemKind;
pub use layer::Layer;
#[doc(hidden)]
pub use layer::Listed;
pub use layer_kind::LayerKind;

pub use crate::policy::combined::PolicyLayers;
