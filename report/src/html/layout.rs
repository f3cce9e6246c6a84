//! Which cards stand on which page.
//!
//! Up to 2,000 people all of it is one file, which can be sent and printed as one. Above that the long views are further
//! pages beside it, none larger than what a browser opens at once; a card that is too long goes on on the next page.

use std::collections::HashMap;

use super::block::{Block, View};

/// People up to whom all is one page.
pub const PEOPLE: usize = 2_000;
/// The size up to which it is one page, whatever it holds.
pub const ONE: usize = 8_000_000;
/// The size of a further page, without what stands around the cards.
pub const PAGE: usize = 1_200_000;
/// Rows of a card on a further page; a longer one goes on in another card, so that a browser lays out what is seen alone.
const ROWS: usize = 300;
/// A view that is shorter stays where the others are.
const SHORT: usize = 60_000;

/// Some rows of a card on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which card of the view.
    pub block: usize,
    /// From this row on.
    pub from: usize,
    /// Up to this one.
    pub to: usize,
}

/// A further page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name.
    pub name: String,
    /// What is on it.
    pub parts: Vec<Part>,
}

/// Where the cards of each view go, by the view's id; those of other views stay on the first page.
pub type Plan = HashMap<&'static str, Vec<Page>>;

/// Whether all of it is one page.
pub fn is_one_page(people: usize, views: &[View]) -> bool {
    people <= PEOPLE && views.iter().map(size).sum::<usize>() <= ONE
}

/// Plan further pages for the long views.
pub fn plan(views: &[View], page: usize) -> Plan {
    let long = views.iter().filter(|view| size(view) > SHORT);
    long.map(|view| (view.id, pages(view, page))).collect()
}

/// Where each anchor is.
pub fn anchors(views: &[View], plan: &Plan) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for view in views {
        for page in plan.get(view.id).into_iter().flatten() {
            for part in page.parts.iter().filter(|part| part.from == 0) {
                if let Some(block) = view.blocks.get(part.block).filter(|block| !block.anchor.is_empty()) {
                    found.insert(block.anchor.clone(), page.name.clone());
                }
            }
        }
    }
    found
}

fn size(view: &View) -> usize {
    view.blocks.iter().map(Block::size).sum::<usize>() + view.before.len()
}

fn pages(view: &View, most: usize) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let (mut parts, mut used) = (Vec::new(), 0);
    let mut end = |parts: &mut Vec<Part>, used: &mut usize| {
        if !parts.is_empty() {
            let name = format!("{}-{:04}.html", view.id, pages.len() + 1);
            pages.push(Page { name, parts: std::mem::take(parts) });
        }
        *used = 0;
    };
    for (number, block) in view.blocks.iter().enumerate() {
        // A card begins on a page that has room for all of it, if one has.
        if used + block.size() > most && block.size() <= most {
            end(&mut parts, &mut used);
        }
        let head = block.size() - block.rows.iter().map(String::len).sum::<usize>();
        let mut from = 0;
        loop {
            used += head;
            let mut to = from;
            let fits = |to: usize, used: usize| {
                let row = block.rows.get(to).filter(|_| to - from < ROWS)?.len();
                (to == from || used + row <= most).then_some(row)
            };
            while let Some(row) = fits(to, used) {
                used += row;
                to += 1;
            }
            parts.push(Part { block: number, from, to });
            if to >= block.rows.len() {
                break;
            }
            from = to;
            let next = block.rows.get(from).map_or(0, String::len);
            if used + head + next > most {
                end(&mut parts, &mut used);
            }
        }
    }
    end(&mut parts, &mut used);
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_kept_whole_where_they_fit_and_go_on_where_they_do_not() {
        let block = |rows: usize| Block { rows: vec!["x".repeat(100); rows], ..Block::default() };
        let view = View { id: "people", blocks: vec![block(5), block(5), block(40)], ..View::default() };
        let pages = pages(&view, 1_500);
        let parts: Vec<Vec<(usize, usize, usize)>> = pages
            .iter()
            .map(|page| page.parts.iter().map(|part| (part.block, part.from, part.to)).collect())
            .collect();
        assert_eq!(parts[0], [(0, 0, 5)]);
        assert_eq!(parts[1].first(), Some(&(1, 0, 5)));
        let rows: usize = parts.iter().flatten().filter(|part| part.0 == 2).map(|part| part.2 - part.1).sum();
        assert_eq!(rows, 40);
        assert_eq!(pages[1].name, "people-0002.html");
    }
}
