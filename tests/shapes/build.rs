//! Puts each attribute where the files in `plain` say `// #[attribute]`, so that the functions look
//! as a user would write them: one copy of each file for each attribute.
//!
//! Words beside the marker say which attributes a function can not have:
//!
//! - `clone(name)`: it consumes this argument, so each attempt needs a clone.
//! - `once`: it consumes an argument that can not be cloned, so it can not be retried.
//! - `answered`: its error type can not hold the error of a policy, so a fallback must answer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const MARKER: &str = "// #[attribute]";

const ATTRIBUTES: [&str; 8] = [
    "retry",
    "timeout",
    "circuit_breaker",
    "bulkhead",
    "rate_limiter",
    "fallback",
    "resilient",
    "stack",
];

/// Returns the attributes of one function, on one line so that line numbers stay.
fn written(attribute: &str, marker: &str) -> String {
    let once = marker.contains("once");
    let clone =
        marker.find("clone(").map_or_else(String::new, |start| format!(", {}", &marker[start..]));
    let retry = if once {
        String::new()
    } else {
        format!("#[retry(max_attempts = 2, base_delay = 1ms{clone})]")
    };
    let fallback = "#[fallback(|failure| crate::of_the_function(failure))]";
    let (timeout, breaker, bulkhead) =
        ("#[timeout(5s)]", "#[circuit_breaker(crate::BREAKER)]", "#[bulkhead(crate::POOL)]");
    let limiter = "#[rate_limiter(crate::LIMITER)]";
    let attributes = match attribute {
        "retry" => retry,
        "timeout" => timeout.to_owned(),
        "circuit_breaker" => breaker.to_owned(),
        "bulkhead" => bulkhead.to_owned(),
        "rate_limiter" => limiter.to_owned(),
        "fallback" => fallback.to_owned(),
        "resilient" if once => String::new(),
        "resilient" => format!("#[resilient(crate::POLICY{clone})]"),
        _ => format!("{fallback} {bulkhead} {breaker} {retry} {limiter} {timeout}"),
    };
    let can_end_otherwise = matches!(
        attribute,
        "timeout" | "circuit_breaker" | "bulkhead" | "rate_limiter" | "resilient"
    );
    if marker.contains("answered") && can_end_otherwise {
        return format!("{fallback} {attributes}");
    }
    attributes
}

/// Returns the file with the attribute at every marker.
fn under(attribute: &str, plain: &str) -> String {
    plain.lines().fold(String::new(), |mut text, line| {
        let indent = line.len() - line.trim_start().len();
        match line.trim_start().strip_prefix(MARKER) {
            Some(marker) => {
                let attributes = written(attribute, marker);
                let _ = writeln!(text, "{}{attributes}", &line[..indent]);
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
        text
    })
}

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let plain = Path::new("../plain");
    println!("cargo::rerun-if-changed=../plain");
    println!("cargo::rerun-if-changed=../build.rs");
    println!("cargo::rustc-check-cfg=cfg(edition_2024)");
    let newest = env::var("CARGO_PKG_NAME").is_ok_and(|name| name.ends_with("2024"));
    if newest {
        println!("cargo::rustc-cfg=edition_2024");
    }
    let of_another_edition = if newest { "until_2021" } else { "since_2024" };
    let mut modules = String::new();
    for attribute in ATTRIBUTES {
        fs::create_dir_all(out.join(attribute)).expect("the build directory can be written to");
        let _ = writeln!(modules, "mod {attribute} {{");
        for file in fs::read_dir(plain).expect("the plain functions are there") {
            let file = file.expect("the directory can be read").path();
            let name =
                file.file_stem().and_then(|name| name.to_str()).expect("file names are text");
            if name == of_another_edition {
                continue;
            }
            let text = fs::read_to_string(&file).expect("the file can be read");
            let to = out.join(attribute).join(format!("{name}.rs"));
            fs::write(&to, under(attribute, &text)).expect("the build directory can be written to");
            let _ = writeln!(modules, "#[path = {to:?}] mod {name};");
        }
        modules.push_str("}\n");
    }
    fs::write(out.join("attributes.rs"), modules).expect("the build directory can be written to");
}
