//! Names as keys of TOML.

/// Returns a path of keys: `["bulkhead", "my pool"]` becomes `bulkhead."my pool"`.
pub(super) fn path(keys: &[&str]) -> String {
    keys.iter().copied().map(key).collect::<Vec<_>>().join(".")
}

/// Returns a name as one key, in quotes if it needs them.
pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(is_bare) {
        return name.to_owned();
    }
    let mut quoted = String::from('"');
    for c in name.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.extend(format!("\\U{:08X}", u32::from(c)).chars()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
