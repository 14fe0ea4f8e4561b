//! Numbers: a literal, or any constant expression, whose value only rustc knows.

use syn::{Error, Expr, ExprLit, ExprUnary, Lit, Result};

/// Reads `3`.
pub(super) fn number(key: &str, written: &Expr) -> Result<Option<u32>> {
    let message = match written {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "u32") => {
            match int.base10_parse() {
                Ok(number) => return Ok(Some(number)),
                Err(_) => format!("`{key}` can be at most {}", u32::MAX),
            }
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            let digits = int.base10_digits();
            format!("`{key}` is a whole number without a suffix: write `{digits}`")
        }
        Expr::Lit(_) | Expr::Closure(_) => {
            format!("expected a whole number, as in `{key} = 3`")
        }
        negative if negated(negative).is_some() => format!("`{key}` can't be negative"),
        _ => return Ok(None),
    };
    Err(Error::new_spanned(written, message))
}

/// Reads `0.5`. The number may be out of its range, which is checked later. `fits` is for the hint
/// in place of `2`, where `2.0` is in the range.
pub(super) fn float(name: &str, written: &Expr, fits: impl Fn(f64) -> bool) -> Result<Option<f64>> {
    let (is_negative, literal) = match negated(written) {
        Some(operand) => (true, operand),
        None => (false, written),
    };
    let signed = |number: f64| Some(if is_negative { -number } else { number });
    let message = match literal {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. })
            if matches!(float.suffix(), "" | "f64") =>
        {
            return Ok(float.base10_parse().ok().and_then(signed));
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => {
            let digits = float.base10_digits();
            format!("{name} is a floating-point number without a suffix: write `{digits}`")
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            match int.base10_parse().ok().and_then(signed) {
                Some(number) if fits(number) => {
                    format!("{name} is a floating-point number: write `{number:?}`")
                }
                known => return Ok(known),
            }
        }
        Expr::Lit(_) | Expr::Closure(_) => {
            format!("{name} is a floating-point number, as in `1.0`")
        }
        _ => return Ok(None),
    };
    Err(Error::new_spanned(written, message))
}

/// `-operand`
fn negated(written: &Expr) -> Option<&Expr> {
    match written {
        Expr::Unary(ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => Some(expr),
        _ => None,
    }
}
