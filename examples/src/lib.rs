//! The programs are beside this folder: `cargo run --example NAME`.

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_quickstart() {
        let program = include_str!("../quickstart/main.rs");
        let (_, code) = program.split_once("\n\n").expect("the first line is a comment");
        assert!(include_str!("../../README.md").contains(code), "README.md shows another program");
    }
}
