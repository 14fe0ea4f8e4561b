//! The options of a policy in an attribute, read by the list that the configuration uses too.

use std::time::Duration;

use resilience_options::{Kind, OptionInfo, Options, Value};
use syn::{Error, Expr, ExprLit, Lit};

use super::duration::duration;
use super::number::{float, number};
use super::reader::Reader;
use super::word::word;
use crate::diagnostics::Reported;
use crate::model::{
    RuntimeType, WrittenGrowth, WrittenOption, WrittenOptions, WrittenRate, WrittenValue,
};
use crate::syntax::path_of;
use crate::wording::source_text;

/// The options that have been read so far.
pub(super) struct OptionReader<O> {
    options: WrittenOptions<O>,
    /// The names of the options whose values are wrong: that has been reported.
    unreadable: Vec<&'static str>,
}

/// Reads every option that is written, and reports everything that is wrong with them.
pub(super) fn read<O: Options>(reader: &mut Reader<'_>) -> WrittenOptions<O> {
    OptionReader::new().finish(reader)
}

/// The names of the policy's options.
pub(super) fn names<O: Options>() -> impl Iterator<Item = &'static str> {
    O::OPTIONS.iter().map(|option| option.name)
}

/// Reports each of these options that is written: it must be set where the policy of type `ty` is
/// declared.
pub(super) fn refuse(
    reader: &mut Reader<'_>,
    names: impl IntoIterator<Item = &'static str>,
    ty: RuntimeType,
) -> Result<(), Reported> {
    reader.refuse(names, |key| {
        format!(
            "`{key}` must be set where this `{ty}` is declared, because other functions may share \
             it: write `{ty}::new(\"…\").{key}(…)` there"
        )
    })
}

impl<O: Options> OptionReader<O> {
    pub(super) const fn new() -> Self {
        let options = WrittenOptions { values: O::NONE, written: Vec::new(), unknown: Vec::new() };
        Self { options, unreadable: Vec::new() }
    }

    /// Adds an option that is a function. `declare` sets a placeholder.
    pub(super) fn add_function(
        &mut self,
        name: &'static str,
        function: Expr,
        declare: impl FnOnce(&mut O),
    ) {
        declare(&mut self.options.values);
        self.options.written.push(WrittenOption { name, value: WrittenValue::Function(function) });
    }

    /// Adds an option whose value is wrong: that has been reported.
    pub(super) fn add_unreadable(&mut self, name: &'static str) {
        self.unreadable.push(name);
    }

    /// Reads the options that are left, and reports what is wrong with all options.
    pub(super) fn finish(mut self, reader: &mut Reader<'_>) -> WrittenOptions<O> {
        for option in O::OPTIONS {
            if let Some(written) = reader.value(option.name) {
                self.add(option, written, reader);
            }
        }
        let position = |name| names::<O>().position(|other| other == name);
        self.options.written.sort_by_key(|option| position(option.name));
        self.report_refusals(reader);
        self.options
    }

    fn add(&mut self, option: &'static OptionInfo, written: Expr, reader: &mut Reader<'_>) {
        let placeholder = placeholder(option.kind);
        if let Some(message) = optional(option.name, &written) {
            reader.error(written, message);
            self.options.values.set(option.name, placeholder);
            self.add_unreadable(option.name);
            return;
        }
        let Ok((value, known)) = reader.checked(value::<O>(option, written)) else {
            self.options.values.set(option.name, placeholder);
            self.add_unreadable(option.name);
            return;
        };
        if known.is_none() {
            self.options.unknown.push(option.name);
        }
        self.options.values.set(option.name, known.or(placeholder));
        self.options.written.push(WrittenOption { name: option.name, value });
    }

    /// Reports each refusal at the first of its keys.
    fn report_refusals(&mut self, reader: &mut Reader<'_>) {
        let mut unreadable = std::mem::take(&mut self.unreadable);
        if reader.complete().is_err() {
            // An option that seems to be missing may be among the tokens that can't be read.
            unreadable.extend(names::<O>().filter(|name| self.options.find(name).is_none()));
        }
        for refusal in self.options.values.refusals(&self.options.unknown, &unreadable) {
            match refusal.keys.iter().find_map(|key| self.options.find(key)) {
                Some(option) => reader.error(&option.value, refusal.message),
                None => reader.at(reader.span(), refusal.message),
            };
        }
    }
}

/// The message about `Some(10s)` or `None`.
fn optional(name: &str, written: &Expr) -> Option<String> {
    match written {
        Expr::Call(call) if path_of(&call.func).is_some_and(|path| path.is_ident("Some")) => {
            let value = source_text(&call.args);
            Some(format!("expected a value without `Some`: write `{name} = {value}`"))
        }
        Expr::Path(_) if path_of(written).is_some_and(|path| path.is_ident("None")) => {
            Some(format!("expected a value: leave `{name}` out for its default"))
        }
        _ => None,
    }
}

/// Reads the value of an option. The second part is `None` if only rustc, or only the call, knows
/// the value.
fn value<O: Options>(
    option: &OptionInfo,
    written: Expr,
) -> syn::Result<(WrittenValue, Option<Value>)> {
    let name = option.name;
    Ok(match option.kind {
        Kind::Number => {
            let known = number(name, &written)?;
            (WrittenValue::Number(written), known.map(Value::Number))
        }
        Kind::Float => {
            let fits = |number| is_accepted::<O>(name, Value::Float(number));
            let known = float(&format!("`{name}`"), &written, fits)?;
            (WrittenValue::Number(written), known.map(Value::Float))
        }
        Kind::Duration => {
            let duration = duration(written)?;
            let known = duration.known().map(Value::Duration);
            (WrittenValue::Duration(duration), known)
        }
        Kind::Word(list) => {
            let (word, variant) = word(name, list, &written)?;
            let value = WrittenValue::Word { written, type_name: list.type_name, variant };
            (value, Some(Value::Word(word)))
        }
        Kind::Growth => growth::<O>(name, written)?,
        Kind::Rate => rate(name, written)?,
        Kind::Switch => {
            let known = switch(name, &written)?;
            (WrittenValue::Switch(written), known.map(Value::Switch))
        }
    })
}

/// `true`. The value of a constant is not known.
fn switch(name: &str, written: &Expr) -> syn::Result<Option<bool>> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Ok(Some(value.value)),
        Expr::Lit(_) | Expr::Closure(_) => {
            let message = format!("expected `true` or `false`, as in `{name} = false`");
            Err(Error::new_spanned(written, message))
        }
        _ => Ok(None),
    }
}

/// `(2.0, 10min)`. A part with an unknown value is replaced by a value that no rule refuses.
fn growth<O: Options>(name: &str, written: Expr) -> syn::Result<(WrittenValue, Option<Value>)> {
    let (factor, max) = pair(&written).ok_or_else(|| {
        let message =
            format!("expected a factor and a longest spell: write `{name} = (2.0, 10min)`");
        Error::new_spanned(&written, message)
    })?;
    let grown = |factor, max| Value::Growth { factor, max };
    let fits = |factor| is_accepted::<O>(name, grown(factor, Duration::MAX));
    let (number, max) =
        both(float(&format!("the factor of `{name}`"), &factor, fits), duration(max))?;
    let value = grown(number.unwrap_or(1.0), max.known().unwrap_or(Duration::MAX));
    let is_known = number.is_some() || max.is_known();
    let growth = WrittenGrowth { written, factor, max };
    Ok((WrittenValue::Growth(Box::new(growth)), is_known.then_some(value)))
}

/// `(100, 1min)`. A part with an unknown value is replaced by a value that no rule refuses.
fn rate(name: &str, written: Expr) -> syn::Result<(WrittenValue, Option<Value>)> {
    let expected = |what: &str, blamed: &Expr| {
        Error::new_spanned(blamed, format!("expected {what}: write `{name} = (100, 1min)`"))
    };
    let (calls, period) = pair(&written)
        .ok_or_else(|| expected("a number of calls and the time for them", &written))?;
    let known = number(name, &calls).map_err(|_| expected("a whole number of calls", &calls));
    let (known, period) = both(known, duration(period))?;
    let value = Value::Rate {
        calls: known.unwrap_or(1),
        period: period.known().unwrap_or(Duration::from_secs(1)),
    };
    let is_known = known.is_some() || period.is_known();
    let rate = WrittenRate { written, calls, period };
    Ok((WrittenValue::Rate(Box::new(rate)), is_known.then_some(value)))
}

/// Returns both parts of `(a, b)`.
fn pair(written: &Expr) -> Option<(Expr, Expr)> {
    match written {
        Expr::Tuple(pair) if pair.elems.len() == 2 => {
            Some((pair.elems[0].clone(), pair.elems[1].clone()))
        }
        _ => None,
    }
}

/// Returns both results, or all errors.
fn both<A, B>(first: syn::Result<A>, second: syn::Result<B>) -> syn::Result<(A, B)> {
    match (first, second) {
        (Err(mut error), Err(other)) => {
            error.combine(other);
            Err(error)
        }
        (first, second) => Ok((first?, second?)),
    }
}

/// Returns true if the value is in the option's range.
fn is_accepted<O: Options>(name: &str, value: Value) -> bool {
    let mut options = O::NONE;
    options.set(name, Some(value));
    options.refused_values().is_empty()
}

/// The value of an option with an unknown value. A retry with these makes the fewest attempts and
/// the shortest delays. There is none for a word: each has a meaning to the other options.
const fn placeholder(kind: Kind) -> Option<Value> {
    match kind {
        Kind::Number => Some(Value::Number(2)),
        Kind::Float => Some(Value::Float(1.0)),
        Kind::Duration => Some(Value::Duration(Duration::ZERO)),
        Kind::Word(_) => None,
        Kind::Switch => Some(Value::Switch(true)),
        Kind::Rate => Some(Value::Rate { calls: 1, period: Duration::from_secs(1) }),
        Kind::Growth => Some(Value::Growth { factor: 1.0, max: Duration::MAX }),
    }
}
