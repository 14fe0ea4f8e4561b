//! Reads a crate from its `lib.rs` or `main.rs` downwards.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, ItemMod};

use super::cfg::{is_cfg, is_test_only};
use super::model::{Crate, Module, SourceFile, TypeName};
use super::scan::{Scan, attribute_at};

/// Files whose modules are in the same folder as they are.
const GATHERING: [&str; 3] = ["lib.rs", "main.rs", "mod.rs"];

/// Reads the crate in the folder `name` of the workspace.
pub(crate) fn load(root: &Path, name: &str) -> Result<Crate, Box<dyn Error>> {
    load_from(name, &|path| fs::read_to_string(root.join(path)).ok())
}

/// Reads the crate `name` with `read`, which returns the text of a file by its path.
pub(crate) fn load_from(name: &str, read: &Read<'_>) -> Result<Crate, Box<dyn Error>> {
    let empty = Crate { name: name.to_owned(), ..Crate::default() };
    let folder = Path::new(name).join("src");
    let mut loader = Loader { read, src: folder.clone(), loaded: empty };
    let library = folder.join("lib.rs");
    let path = if read(&library).is_some() { library } else { folder.join("main.rs") };
    loader.file(&Location { path, folder, parent: None })?;
    Ok(loader.loaded)
}

type Read<'a> = dyn Fn(&Path) -> Option<String> + 'a;

struct Loader<'a> {
    read: &'a Read<'a>,
    src: PathBuf,
    loaded: Crate,
}

/// The file of a module, the folder of its child modules, and its parent module.
struct Location {
    path: PathBuf,
    folder: PathBuf,
    parent: Option<usize>,
}

impl Loader<'_> {
    /// Reads a file and everything below it; returns the index of its module.
    fn file(&mut self, location: &Location) -> Result<usize, Box<dyn Error>> {
        let path = location.path.display().to_string();
        let text = (self.read)(&location.path).ok_or_else(|| format!("{path}: no such file"))?;
        let parsed = syn::parse_file(&text).map_err(|error| format!("{path}: {error}"))?;
        let gathers = GATHERING.iter().any(|name| location.path.ends_with(name));
        let place = place_below(&self.src, &location.path);
        self.loaded.files.push(SourceFile { path, place, gathers, is_node: !gathers });
        self.module(parsed.items, self.loaded.files.len() - 1, location)
    }

    fn module(
        &mut self,
        items: Vec<Item>,
        file: usize,
        location: &Location,
    ) -> Result<usize, Box<dyn Error>> {
        let this = self.loaded.modules.len();
        self.loaded.modules.push(Module { file, parent: location.parent, ..Module::default() });
        let mut scan = Scan::default();
        for item in items {
            let attributes = attributes(item.to_token_stream());
            if attributes.iter().cloned().any(is_test_only) {
                continue;
            }
            if let Item::Mod(item) = item {
                let name = item.ident.to_string();
                let child = self.child(item, file, location, this)?;
                self.loaded.modules[this].children.insert(name, child);
                continue;
            }
            if !matches!(item, Item::Use(_) | Item::ExternCrate(_)) {
                self.loaded.files[file].is_node = true;
            }
            let conditional = attributes.iter().cloned().any(is_cfg);
            let exported = attributes.iter().any(|it| it.to_string() == "macro_export");
            self.define(&item, this, exported, conditional);
            scan.follow_dollar_crate = !exported;
            scan.add(item.to_token_stream());
        }
        let module = &mut self.loaded.modules[this];
        module.types.extend(scan.types);
        module.imports = scan.imports;
        module.paths = scan.paths;
        module.calls = scan.calls;
        module.identifiers = scan.identifiers;
        Ok(this)
    }

    /// Reads a module that is declared in `this` one, inline or in a file of its own.
    fn child(
        &mut self,
        item: ItemMod,
        file: usize,
        location: &Location,
        this: usize,
    ) -> Result<usize, Box<dyn Error>> {
        let parent = Some(this);
        let folder = location.folder.join(item.ident.to_string());
        if let Some((_, items)) = item.content {
            let location = Location { path: location.path.clone(), folder, parent };
            return self.module(items, file, &location);
        }
        if let Some(path) = path_attribute(&item.attrs) {
            // The child modules of such a file are beside it.
            let path = location.path.with_file_name(path);
            let folder = path.with_file_name("");
            return self.file(&Location { path, folder, parent });
        }
        let nested = folder.join("mod.rs");
        let is_nested = (self.read)(&nested).is_some();
        let path = if is_nested { nested } else { folder.with_extension("rs") };
        self.file(&Location { path, folder, parent })
    }

    /// Adds the names that `item` defines to its module.
    fn define(&mut self, item: &Item, module: usize, exported: bool, conditional: bool) {
        let file = self.loaded.modules[module].file;
        let mut names = Vec::new();
        match item {
            Item::Const(item) => names.push(item.ident.to_string()),
            Item::Enum(item) => names.push(item.ident.to_string()),
            Item::Fn(item) => names.push(item.sig.ident.to_string()),
            Item::Static(item) => names.push(item.ident.to_string()),
            Item::Struct(item) => names.push(item.ident.to_string()),
            Item::Trait(item) => names.push(item.ident.to_string()),
            Item::Union(item) => names.push(item.ident.to_string()),
            Item::Type(item) => {
                names.push(item.ident.to_string());
                self.loaded.modules[module].types.push(TypeName::new(&item.ident, conditional));
            }
            Item::Macro(item) => match &item.ident {
                Some(name) => {
                    self.loaded.macros.insert(name.to_string(), file);
                    let scope = if exported { 0 } else { module };
                    self.loaded.modules[scope].items.insert(name.to_string(), file);
                }
                None => made_by_macro(item.mac.tokens.clone(), &mut names),
            },
            _ => {}
        }
        self.loaded.modules[module].items.extend(names.into_iter().map(|name| (name, file)));
    }
}

/// The place of a file below `src`: `["policy", "retry"]` for `policy/retry/mod.rs`.
fn place_below(src: &Path, file: &Path) -> Vec<String> {
    let below = file.strip_prefix(src).unwrap_or(file).with_extension("");
    let gathers = GATHERING.iter().any(|name| file.ends_with(name));
    let below = if gathers { below.parent().unwrap_or(&below) } else { &below };
    below.iter().map(|part| part.to_string_lossy().into_owned()).collect()
}

/// The contents of the attributes that an item begins with.
fn attributes(item: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    (0..tokens.len()).step_by(2).map_while(|at| attribute_at(&tokens, at)).collect()
}

fn path_attribute(attributes: &[syn::Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let value = &attribute.meta.require_name_value().ok()?.value;
    let literal = syn::parse2::<syn::LitStr>(value.to_token_stream()).ok()?;
    Some(literal.value())
}

/// Adds names that look like items in the tokens of a macro call: `static NAME`, `pub struct Name`.
fn made_by_macro(tokens: TokenStream, names: &mut Vec<String>) {
    const KEYWORDS: [&str; 9] =
        ["const", "enum", "fn", "mod", "static", "struct", "trait", "type", "union"];
    let mut after_keyword = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => made_by_macro(group.stream(), names),
            TokenTree::Ident(word) if KEYWORDS.iter().any(|keyword| word == keyword) => {
                after_keyword = true;
            }
            TokenTree::Ident(name) if after_keyword => {
                names.push(name.to_string());
                after_keyword = false;
            }
            _ => after_keyword = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::load_from;

    #[test]
    fn modules_are_found_in_all_their_places() {
        let files = [
            (
                "c/src/lib.rs",
                "#[path = \"x/mod.rs\"] mod a; mod b { mod c; } mod d; #[cfg(test)] mod gone;",
            ),
            ("c/src/x/mod.rs", "mod y;"),
            ("c/src/x/y.rs", "pub struct A;"),
            ("c/src/b/c.rs", "thread_local! { static C: u8 = 0; }"),
            ("c/src/d/mod.rs", "mod e; pub use e::E;"),
            ("c/src/d/e.rs", "#[macro_export] macro_rules! m { () => {} } pub enum E {}"),
        ];
        let read = |path: &std::path::Path| {
            let found = files.iter().find(|(name, _)| path == std::path::Path::new(name));
            found.map(|(_, text)| (*text).to_owned())
        };
        let loaded = load_from("c", &read).expect("all files are there");
        let nodes = loaded.files.iter().filter(|file| file.is_node);
        let paths: Vec<&str> = nodes.map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["c/src/x/y.rs", "c/src/b/c.rs", "c/src/d/e.rs"]);
        assert!(loaded.modules.iter().any(|module| module.items.contains_key("C")));
        assert!(loaded.modules[0].items.contains_key("m"), "an exported macro is at the root");
        let types: Vec<&str> = loaded
            .modules
            .iter()
            .flat_map(|module| &module.types)
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(types, ["A", "E"]);
    }
}
