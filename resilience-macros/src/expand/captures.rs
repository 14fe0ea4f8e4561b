//! The arguments that the body's `async` block borrows, and those that it owns.

use proc_macro2::Ident;
use syn::Expr;

use crate::input::{AsyncBody, Frame, Function, Parameters};
use crate::model::{Answer, Layer, LayerKind, Stack, Subject};

pub(super) struct Captures<'a> {
    /// The body only borrows its arguments: it may run again, or a layer uses them after it.
    ///
    /// False if copies of all arguments suffice: the compiler can keep a call's future in registers
    /// if the future does not borrow from itself.
    pub(super) borrows: bool,
    /// Clones that each attempt makes and that only the body uses: the body owns them.
    pub(super) owned: Vec<&'a Ident>,
}

impl<'a> Captures<'a> {
    pub(super) fn of(
        function: &Function,
        body: &AsyncBody,
        parameters: &Parameters,
        stack: &'a Stack,
    ) -> Self {
        // Code of another frame may capture other variables too, and their types are not known.
        let copies = matches!(body.frame, Frame::AsyncFn) && function.has_only_copies();
        let uses = Uses { function, parameters };
        let borrows = !copies
            && (uses.optional(stack.policy.as_ref())
                || stack.layers.iter().any(|layer| uses.arguments_in(layer)));
        Self { borrows, owned: uses.owned(&stack.layers) }
    }
}

struct Uses<'a> {
    function: &'a Function,
    parameters: &'a Parameters,
}

impl Uses<'_> {
    /// Returns true if the layer uses the arguments while the body runs or after it.
    fn arguments_in(&self, layer: &Layer) -> bool {
        match &layer.kind {
            LayerKind::Retry(_) => true,
            LayerKind::Fallback(fallback) => {
                self.optional(fallback.when.as_ref())
                    || fallback.answers.iter().any(|answer| self.answer(answer))
            }
            LayerKind::CircuitBreaker(breaker) => {
                self.subject(&breaker.subject)
                    || self.optional(breaker.when.as_ref())
                    || self.optional(breaker.when_ok.as_ref())
            }
            LayerKind::Bulkhead(bulkhead) => self.subject(&bulkhead.subject),
            // The cost is known before the body runs.
            LayerKind::RateLimiter(limiter) => self.subject(&limiter.subject),
            LayerKind::Timeout(_) => false,
        }
    }

    fn optional(&self, written: Option<&Expr>) -> bool {
        written.is_some_and(|written| self.parameters.are_used_in(written))
    }

    fn subject<O>(&self, subject: &Subject<O>) -> bool {
        self.optional(subject.expression())
    }

    fn answer(&self, answer: &Answer) -> bool {
        match answer {
            Answer::Function(_) => !self.function.signature.inputs.is_empty(),
            Answer::Value(_) | Answer::Closure(_) => self.parameters.are_used_in(answer),
        }
    }

    /// The names that a retry clones for each attempt, unless a layer inside it uses them after
    /// the body.
    fn owned<'l>(&self, layers: &'l [Layer]) -> Vec<&'l Ident> {
        let is_retry = |layer: &&Layer| matches!(layer.kind, LayerKind::Retry(_));
        let mut inside = layers.iter().skip_while(|layer| !is_retry(layer));
        match inside.next().map(|layer| &layer.kind) {
            Some(LayerKind::Retry(retry)) if !inside.any(|layer| self.arguments_in(layer)) => {
                self.parameters.in_order(&retry.cloned)
            }
            _ => Vec::new(),
        }
    }
}
