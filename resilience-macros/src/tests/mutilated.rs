//! Incomplete input for the tests: token streams with one token missing.

use proc_macro2::{Group, TokenStream, TokenTree};

/// The tokens, and every stream that results from removing one of them, at any depth.
pub(crate) fn mutilated(tokens: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut all = vec![tokens.clone()];
    for (index, tree) in trees.iter().enumerate() {
        let with = |replacement: Option<TokenTree>| {
            let (before, after) = (&trees[..index], &trees[index + 1..]);
            before.iter().cloned().chain(replacement).chain(after.iter().cloned()).collect()
        };
        all.push(with(None));
        if let TokenTree::Group(group) = tree {
            all.extend(
                mutilated(&group.stream()).into_iter().map(|inside| {
                    with(Some(TokenTree::Group(Group::new(group.delimiter(), inside))))
                }),
            );
        }
    }
    all
}

pub(crate) fn tokens(text: &str) -> TokenStream {
    text.parse().expect("these are tokens")
}
