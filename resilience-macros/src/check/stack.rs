//! All rules, in order.

use super::{function, layers, timing};
use crate::diagnostics::Diagnostics;
use crate::input::Function;
use crate::model::Stack;

/// Applies every rule to the stack.
pub(crate) fn stack(stack: &Stack, function: &Function, diagnostics: &mut Diagnostics) {
    let layers = &stack.layers;
    layers::at_most_one_retry(layers, diagnostics);
    layers::something_inside_can_fail(layers, diagnostics);
    layers::nothing_encloses_itself(layers, diagnostics);
    layers::detached_work_is_neither_repeated_nor_let_out(layers, diagnostics);
    timing::every_layer_can_act(layers, diagnostics);
    function::arguments_can_be_passed_on(layers, function, diagnostics);
    function::detached_work_borrows_nothing(layers, function, diagnostics);
    function::cloned_names_are_parameters(layers, function, diagnostics);
    function::own_limits_are_constants(layers, function, diagnostics);
    function::shared_state_is_no_parameter(layers, function, diagnostics);
}
