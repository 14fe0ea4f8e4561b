//! The result of wrapping one layer.

use proc_macro2::TokenStream;

use super::code::Code;

pub(super) struct LayerTokens {
    pub(super) code: Code,
    /// Items beside the function's own `static`.
    pub(super) items: TokenStream,
    /// The layer's entry in the registry. The layers of a policy have one entry together.
    pub(super) listed: Option<TokenStream>,
}
