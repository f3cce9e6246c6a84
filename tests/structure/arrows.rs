//! Which file imports which, and circles of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::mentions::{Mention, mentions};
use crate::modules::{Crate, Module};

/// Who imports, who is imported, and the path that says so.
pub type Arrows = BTreeMap<(String, String), String>;

/// Names that a module's `use` gives to other modules.
type Names = HashMap<String, Vec<String>>;

/// The arrows between the files of a crate.
///
/// An arrow leads to the file of the module that a path names, also when that module only passes on what another one
/// defines: who imports through a parent imports the parent.
pub fn arrows(of: &Crate) -> Arrows {
    let mut found = Arrows::new();
    for module in &of.modules {
        let mentioned = mentions(&module.tokens);
        let mut names = Names::new();
        for mention in &mentioned {
            if let (Some(name), Some((path, true))) =
                (&mention.name, target(of, module, &Names::new(), mention))
            {
                names.insert(name.clone(), path);
            }
        }
        for mention in &mentioned {
            let Some((path, _)) = target(of, module, &names, mention) else { continue };
            let Some(to) = of.at(&path).map(|module| &module.file) else { continue };
            if *to != module.file {
                let spelt = mention.segments.join("::");
                found.entry((module.file.clone(), to.clone())).or_insert(spelt);
            }
        }
    }
    found
}

/// The module that a path leads to, and whether the path ends there.
fn target(of: &Crate, from: &Module, names: &Names, mention: &Mention) -> Option<(Vec<String>, bool)> {
    let mut segments = mention.segments.as_slice();
    let mut path = match segments.first()?.as_str() {
        "crate" => {
            segments = segments.get(1..)?;
            Vec::new()
        }
        "self" => {
            segments = segments.get(1..)?;
            from.path.clone()
        }
        "super" => {
            let mut path = from.path.clone();
            while segments.first().is_some_and(|first| first == "super") {
                path.pop();
                segments = segments.get(1..)?;
            }
            path
        }
        first => match around(of, from).find(|path| of.at(&with(path, first)).is_some()) {
            Some(path) => path,
            None => {
                segments = segments.get(1..)?;
                names.get(first)?.clone()
            }
        },
    };
    while let [next, rest @ ..] = segments {
        let further = with(&path, next);
        if of.at(&further).is_none() {
            return Some((path, false));
        }
        path = further;
        segments = rest;
    }
    Some((path, true))
}

/// A module, and those around it in the same file: a `use super::*` makes their children known in it.
fn around<'a>(of: &'a Crate, from: &'a Module) -> impl Iterator<Item = Vec<String>> + 'a {
    let mut next = Some(from.path.clone());
    std::iter::from_fn(move || {
        let here = next.take()?;
        next = here.split_last().map(|(_, parent)| parent.to_vec());
        next = next.take().filter(|parent| of.at(parent).is_some_and(|module| module.file == from.file));
        Some(here)
    })
}

fn with(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// For every set of files that import each other, the shortest circle in it.
pub fn circles(arrows: &Arrows) -> Vec<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        next.entry(from).or_default().push(to);
    }
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<Vec<String>> = next.keys().filter_map(|file| way_back(&next, file)).collect();
    found.sort_by_key(Vec::len);
    found.retain(|circle| {
        let new = circle.iter().all(|file| !told.contains(file));
        told.extend(circle.iter().cloned());
        new
    });
    found
}

/// The shortest way from a file to itself, which stands first in it.
fn way_back(next: &BTreeMap<&str, Vec<&str>>, from: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([from]);
    while let Some(here) = waiting.pop_front() {
        for to in next.get(here).into_iter().flatten() {
            if *to == from {
                let mut way = vec![here.to_owned()];
                let mut here = here;
                while let Some(earlier) = before.get(here) {
                    way.push((*earlier).to_owned());
                    here = earlier;
                }
                way.reverse();
                return Some(way);
            }
            if !before.contains_key(to) {
                before.insert(to, here);
                waiting.push_back(to);
            }
        }
    }
    None
}
