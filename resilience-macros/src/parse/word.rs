//! Words, as in `jitter = none`. Each stands for a variant of a type of the runtime.

use resilience_options::WordList;
use resilience_options::text::{did_you_mean, one_of};
use syn::{Error, Expr, ExprLit, Lit, Path, Result};

use crate::syntax::path_of;

/// Reads a word and the name of its variant.
pub(super) fn word(
    key: &str,
    list: WordList,
    written: &Expr,
) -> Result<(&'static str, &'static str)> {
    let found = path_of(written).and_then(Path::get_ident).map(ToString::to_string);
    if let Some(pair) = list.words.iter().find(|(word, _)| found.as_deref() == Some(word)) {
        return Ok(*pair);
    }
    let message = match found {
        Some(found) => {
            let hint = nearest(&found, list).unwrap_or_else(|| format!("expected {}", all(list)));
            format!("`{key}` can't be `{found}`: {hint}")
        }
        None => match word_of_variant(list, written).or_else(|| of_boolean(list, written)) {
            Some(word) => format!("expected a word: write `{key} = {word}`"),
            None => format!("expected {}", all(list)),
        },
    };
    Err(Error::new_spanned(written, message))
}

/// `jitter = true`: the first word, which is the default, or `none`.
fn of_boolean(list: WordList, written: &Expr) -> Option<&'static str> {
    let Expr::Lit(ExprLit { lit: Lit::Bool(is_on), .. }) = written else { return None };
    let none = list.names().find(|word| *word == "none")?;
    if is_on.value { list.names().next() } else { Some(none) }
}

/// "did you mean `full`?"
pub(super) fn nearest(found: &str, list: WordList) -> Option<String> {
    did_you_mean(found, &list.names().collect::<Vec<_>>())
}

/// "`full`, `equal`, `decorrelated` or `none`"
pub(super) fn all(list: WordList) -> String {
    one_of(&list.names().collect::<Vec<_>>())
}

/// `Jitter::None` → `none`
pub(super) fn word_of_variant(list: WordList, written: &Expr) -> Option<&'static str> {
    let mut segments = path_of(written)?.segments.iter().rev();
    let (variant, ty) = (segments.next()?, segments.next()?);
    let of_variant = list.words.iter().find(|(_, name)| variant.ident == name);
    of_variant.filter(|_| ty.ident == list.type_name).map(|(word, _)| *word)
}
