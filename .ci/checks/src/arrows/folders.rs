//! Circles between the members of a folder: its files, and its folders each as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::arrow::Arrows;
use super::circles::{circles, graph};
use crate::source::Crate;

/// A file or a folder, as it is shown, and its files.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) files: Vec<usize>,
}

/// Every circle with a folder in it. A circle of files alone is found as such.
pub(crate) fn folder_circles(source: &Crate, arrows: &Arrows) -> Vec<Vec<Member>> {
    folders(source).iter().flat_map(|folder| circles_in(source, arrows, folder)).collect()
}

fn circles_in(source: &Crate, arrows: &Arrows, folder: &[String]) -> Vec<Vec<Member>> {
    let members = members(source, folder);
    let find = |file: usize| members.iter().position(|member| member.files.contains(&file));
    let between = arrows.keys().filter_map(|&(from, to)| Some((find(from)?, find(to)?)));
    circles(&graph(between.filter(|(from, to)| from != to)))
        .iter()
        .filter(|circle| circle.iter().any(|&index| members[index].files.len() > 1))
        .map(|circle| circle.iter().map(|&index| members[index].clone()).collect())
        .collect()
}

/// The members of a folder. Its own `mod.rs` is one of them.
fn members(source: &Crate, folder: &[String]) -> Vec<Member> {
    let mut members: BTreeMap<&[String], Member> = BTreeMap::new();
    for (index, file) in source.files.iter().enumerate() {
        if file.place.starts_with(folder) {
            let place = &file.place[..file.place.len().min(folder.len() + 1)];
            let name = if place.len() > folder.len() && is_folder(source, place) {
                format!("{}/src/{}/", source.name, place.join("/"))
            } else {
                file.path.clone()
            };
            let member = members.entry(place).or_insert(Member { name, files: Vec::new() });
            member.files.push(index);
        }
    }
    members.into_values().collect()
}

/// Returns true if there are files below a place.
fn is_folder(source: &Crate, place: &[String]) -> bool {
    let is_below = |other: &[String]| other.len() > place.len() && other.starts_with(place);
    source.files.iter().any(|file| is_below(&file.place))
}

/// Places that have files below them, `src` itself first.
fn folders(source: &Crate) -> BTreeSet<Vec<String>> {
    let places = source.files.iter().map(|file| &file.place);
    places.flat_map(|place| (0..place.len()).map(|length| place[..length].to_vec())).collect()
}

#[cfg(test)]
mod tests {
    use super::folder_circles;
    use crate::arrows::arrow::arrows;
    use crate::arrows::arrow::tests::made_of;

    #[test]
    fn folders_in_a_circle_are_found_at_every_depth() {
        let source = made_of(&[
            ("lib.rs", "mod top;"),
            ("top/mod.rs", "mod a; mod b;"),
            ("top/a/mod.rs", "pub mod one; pub mod two;"),
            ("top/a/one.rs", "use crate::top::b::one::B;"),
            ("top/a/two.rs", "pub struct A;"),
            ("top/b/mod.rs", "pub mod one; pub mod two;"),
            ("top/b/one.rs", "pub struct B;"),
            ("top/b/two.rs", "use crate::top::a::two::A;"),
        ]);
        let found = folder_circles(&source, &arrows(&source).0);
        assert_eq!(found.len(), 1);
        let names: Vec<&str> = found[0].iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["c/src/top/a/", "c/src/top/b/"]);
    }
}
