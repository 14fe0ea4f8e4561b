//! The output of a function's asynchronous code, as far as the signature shows it.

use proc_macro2::Span;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{
    GenericArgument, Generics, PathArguments, Signature, Token, Type, TypeParamBound,
    parse_quote_spanned,
};

use crate::syntax::mentions;

/// Returns true for types whose names no alias of `Result` can have. For all other types, rustc
/// finds out.
pub(super) fn is_evidently_no_result(output: &Type) -> bool {
    const NAMES: [&str; 19] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "Option", "String", "Vec",
    ];
    match output {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
        }
        Type::Tuple(_) | Type::Reference(_) | Type::Array(_) | Type::Slice(_) | Type::Never(_) => {
            true
        }
        _ => false,
    }
}

/// Returns true for a type of which the attributes can see no more than a trait: `impl Trait`, and
/// a type parameter of the function.
pub(super) fn hides_result(output: &Type, generics: &Generics) -> bool {
    match output {
        Type::ImplTrait(_) => true,
        Type::Path(path) => {
            let name = path.path.get_ident().filter(|_| path.qself.is_none());
            name.is_some_and(|name| generics.type_params().any(|it| it.ident == *name))
        }
        _ => false,
    }
}

/// Returns true for `Result<T, E>` if `E` is evidently a type parameter: of the function, or, by
/// its name of one letter, of the `impl` around a method.
pub(crate) fn is_error_a_parameter(output: &Type, signature: &Signature) -> bool {
    let Type::Path(path) = output else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    let Some(GenericArgument::Type(Type::Path(error))) = arguments.args.iter().nth(1) else {
        return false;
    };
    let is_method = || mentions(signature.to_token_stream(), "self");
    error.path.get_ident().is_some_and(|name| {
        signature.generics.type_params().any(|it| it.ident == *name)
            || name.to_string().len() == 1 && is_method()
    })
}

/// The output of `impl Future<Output = T>`, `Pin<Box<dyn Future<Output = T>>>`,
/// `BoxFuture<'_, T>`, or of a future with a name, such as `Self::Future`.
pub(super) fn of_future(returned: &Type) -> Option<Type> {
    match returned {
        Type::ImplTrait(implemented) => bounds_output(&implemented.bounds),
        Type::TraitObject(object) => bounds_output(&object.bounds),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let inner = last_type(&last.arguments);
            match last.ident.to_string().as_str() {
                "Pin" | "Box" => of_future(inner?),
                "BoxFuture" | "LocalBoxFuture" => inner.cloned(),
                _ => named_output(returned),
            }
        }
        Type::Paren(inner) => of_future(&inner.elem),
        Type::Group(inner) => of_future(&inner.elem),
        _ => None,
    }
}

/// `<'a, A, B>` → `B`
fn last_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// `Named` → `<Named as Future>::Output`; `None` for `Named<impl Trait>`, which can't be written
/// in a body.
fn named_output(named: &Type) -> Option<Type> {
    let tokens = named.to_token_stream();
    let span = tokens.clone().into_iter().next()?.span().resolved_at(Span::mixed_site());
    (!mentions(tokens, "impl"))
        .then(|| parse_quote_spanned!(span=> <#named as ::core::future::Future>::Output))
}

/// `Future<Output = T>` → `T`
fn bounds_output(bounds: &Punctuated<TypeParamBound, Token![+]>) -> Option<Type> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let PathArguments::AngleBracketed(arguments) = &bound.path.segments.last()?.arguments
        else {
            return None;
        };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(assoc.ty.clone()),
            _ => None,
        })
    })
}
