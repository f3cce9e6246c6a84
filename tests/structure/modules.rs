//! The modules of one crate, as `mod` declares them from its root file on.

use std::collections::HashMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::tree::{Tree, folder, plain};

/// A module: a file, or a block in one.
pub struct Module {
    /// Its path from the crate's root.
    pub path: Vec<String>,
    /// The file that holds it.
    pub file: String,
    /// What is in it, without the blocks of other modules.
    pub tokens: Vec<TokenTree>,
}

/// A crate's modules.
pub struct Crate {
    /// All of them, parents before children.
    pub modules: Vec<Module>,
    places: HashMap<Vec<String>, usize>,
}

impl Crate {
    /// Those that a root file leads to.
    ///
    /// # Errors
    /// A file is missing, or no Rust.
    pub fn read(tree: &Tree, root: &str) -> Result<Self, String> {
        let mut found = Self { modules: Vec::new(), places: HashMap::new() };
        found.file(tree, Vec::new(), root.to_owned(), folder(root).to_owned())?;
        found.places = (0..).zip(&found.modules).map(|(at, module)| (module.path.clone(), at)).collect();
        Ok(found)
    }

    /// The module with a path.
    pub fn at(&self, path: &[String]) -> Option<&Module> {
        self.places.get(path).and_then(|at| self.modules.get(*at))
    }

    /// `below` is where the files of its children are.
    fn file(&mut self, tree: &Tree, path: Vec<String>, file: String, below: String) -> Result<(), String> {
        let text = tree.text(&file).ok_or_else(|| format!("{file} is declared as a module and not there"))?;
        let tokens: TokenStream = text.parse().map_err(|error| format!("{file} is no Rust: {error}"))?;
        self.block(tree, path, &file, &below, folder(&file), tokens)
    }

    /// `beside` is what a `#[path]` in the block begins at.
    fn block(
        &mut self,
        tree: &Tree,
        path: Vec<String>,
        file: &str,
        below: &str,
        beside: &str,
        tokens: TokenStream,
    ) -> Result<(), String> {
        let at = self.modules.len();
        self.modules.push(Module { path: path.clone(), file: file.to_owned(), tokens: Vec::new() });
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut own = Vec::new();
        let mut given: Option<String> = None;
        let mut rest = tokens.as_slice();
        while let [first, behind @ ..] = rest {
            rest = behind;
            match (first, behind) {
                (TokenTree::Ident(word), [TokenTree::Ident(name), next, ..]) if word == "mod" => {
                    let name = name.to_string().trim_start_matches("r#").to_owned();
                    let path: Vec<String> = path.iter().cloned().chain([name.clone()]).collect();
                    match next {
                        TokenTree::Punct(end) if end.as_char() == ';' => {
                            let (file, below) = match given.take() {
                                Some(given) => {
                                    let file = plain(&format!("{beside}{given}"));
                                    let below = folder(&file).to_owned();
                                    (file, below)
                                }
                                None => child(tree, below, &name),
                            };
                            self.file(tree, path, file, below)?;
                        }
                        TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => {
                            let below = format!("{below}{name}/");
                            self.block(tree, path, file, &below, &below, block.stream())?;
                        }
                        _ => continue,
                    }
                    rest = behind.get(2..).unwrap_or_default();
                    given = None;
                }
                (TokenTree::Punct(hash), [TokenTree::Group(attribute), ..]) if hash.as_char() == '#' => {
                    given = path_attribute(attribute.stream()).or(given);
                    own.push(first.clone());
                }
                _ => {
                    if matches!(first, TokenTree::Punct(end) if end.as_char() == ';') {
                        given = None;
                    }
                    own.push(first.clone());
                }
            }
        }
        if let Some(module) = self.modules.get_mut(at) {
            module.tokens = own;
        }
        Ok(())
    }
}

/// The file of a declared module, and where the files of its own children are.
fn child(tree: &Tree, below: &str, name: &str) -> (String, String) {
    let within = format!("{below}{name}/");
    let older = format!("{within}mod.rs");
    match tree.text(&older) {
        Some(_) => (older, within),
        None => (format!("{below}{name}.rs"), within),
    }
}

/// What `path = "..."` says.
fn path_attribute(attribute: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text)] if name == "path" => {
            Some(text.to_string().trim_matches('"').to_owned())
        }
        _ => None,
    }
}
