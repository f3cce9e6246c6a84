//! The paths that a module's tokens mention: in `use`, in code, and in what macros are given.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A path that may lead to a module.
pub struct Mention {
    /// Its segments, as written.
    pub segments: Vec<String>,
    /// The name by which a `use` makes its end known.
    pub name: Option<String>,
}

/// All of them.
pub fn mentions(tokens: &[TokenTree]) -> Vec<Mention> {
    let mut found = Vec::new();
    walk(tokens, &mut found);
    found
}

fn walk(tokens: &[TokenTree], found: &mut Vec<Mention>) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                // `pub(in crate::a)` says who may see something, and imports nothing.
                let seen_in = group.delimiter() == Delimiter::Parenthesis
                    && matches!(inner.first(), Some(TokenTree::Ident(word)) if word == "in");
                if !seen_in {
                    walk(&inner, found);
                }
                at += 1;
            }
            TokenTree::Ident(word) if word == "use" && !is(tokens.get(at + 1), '<') => {
                let statement = tokens.get(at + 1..).unwrap_or_default();
                let end = statement.iter().position(|token| is(Some(token), ';')).unwrap_or(statement.len());
                imported(&[], statement.get(..end).unwrap_or_default(), found);
                at += 1 + end;
            }
            TokenTree::Ident(_) if begins_a_path(tokens, at) => {
                let (segments, next) = segments(tokens, at);
                // A macro of the crate's own has its place at the root, wherever it is written.
                let is_macro = segments.len() == 2 && is(tokens.get(next), '!');
                if segments.len() > 1 && !is_macro {
                    found.push(Mention { segments, name: None });
                }
                at = next;
            }
            _ => at += 1,
        }
    }
}

/// A part of a `use`, behind the segments that lead to it.
fn imported(before: &[String], tokens: &[TokenTree], found: &mut Vec<Mention>) {
    if is(tokens.first(), ':') {
        return;
    }
    let (own, next) = match tokens.first() {
        Some(TokenTree::Ident(_)) => segments(tokens, 0),
        _ => (Vec::new(), 0),
    };
    let mut all: Vec<String> = before.iter().cloned().chain(own).collect();
    match tokens.get(next) {
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            for part in inner.split(|token| is(Some(token), ',')) {
                imported(&all, part, found);
            }
        }
        Some(TokenTree::Punct(all_of)) if all_of.as_char() == '*' => {
            found.push(Mention { segments: all, name: None });
        }
        other => {
            // Behind braces `self` is what the braces belong to.
            if all.len() > 1 && all.last().is_some_and(|last| last == "self") {
                all.pop();
            }
            let renamed = match (other, tokens.get(next + 1)) {
                (Some(TokenTree::Ident(_)), Some(TokenTree::Ident(name))) => Some(plain(&name.to_string())),
                _ => all.last().cloned(),
            };
            if !all.is_empty() {
                found.push(Mention { segments: all, name: renamed });
            }
        }
    }
}

/// The segments from here on, and what comes behind them.
fn segments(tokens: &[TokenTree], from: usize) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        found.push(plain(&name.to_string()));
        at += 1;
        if !colons(tokens, at) {
            break;
        }
        at += 2;
    }
    (found, at)
}

fn begins_a_path(tokens: &[TokenTree], at: usize) -> bool {
    let behind_colons = at >= 2 && colons(tokens, at - 2);
    let behind_dot = at >= 1 && is(tokens.get(at - 1), '.');
    colons(tokens, at + 1) && !behind_colons && !behind_dot
}

/// Whether `::` is here.
fn colons(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(one)) if one.as_char() == ':' && one.spacing() == Spacing::Joint)
        && is(tokens.get(at + 1), ':')
}

fn is(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == character)
}

fn plain(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}

/// Whether an attribute among these makes a test of a function, or a macro makes several.
pub fn has_tests(tokens: &[TokenTree]) -> bool {
    tokens.iter().zip(tokens.iter().skip(1)).any(|pair| match pair {
        (TokenTree::Punct(hash), TokenTree::Group(attribute)) if hash.as_char() == '#' => {
            is_test(attribute.stream())
        }
        _ => false,
    }) || tokens.iter().any(|token| match token {
        TokenTree::Group(group) => has_tests(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => false,
    })
}

/// `test`, or a path to something of that name, such as `tokio::test`.
fn is_test(attribute: TokenStream) -> bool {
    let words: Vec<TokenTree> = attribute.into_iter().collect();
    let (segments, next) = segments(&words, 0);
    let arguments = matches!(words.get(next), None | Some(TokenTree::Group(_)));
    arguments && segments.last().is_some_and(|last| last == "test")
}
