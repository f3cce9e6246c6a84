//! The pages: one to begin with, and further ones where it would be too long.
//!
//! They hold all that they need: styles, a script that reading does without, and the picture. A content security policy
//! in each lets nothing else in, whatever stands in a name.

mod access;
mod admins;
mod block;
mod cover;
mod ending;
mod layout;
mod links;
mod picture;
mod views;

use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::BASE64;

use crate::error::Error;
use crate::model::Part;
use crate::review::Review;

use block::{Pen, View};
use cover::Cover;
use layout::{Page, Plan};
use links::Links;

const STYLE: &str = include_str!("../assets/review.css");
const SCRIPT: &str = include_str!("../assets/review.js");

/// What stands around every page.
struct Frame {
    title: String,
    program: String,
    policy: String,
    style: &'static str,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    frame: Frame,
    cover: Cover,
    views: Vec<Shown>,
    ending: String,
}

#[derive(Template)]
#[template(path = "further.html")]
struct Further {
    frame: Frame,
    heading: String,
    from: String,
    to: String,
    before: String,
    after: String,
    inner: String,
}

/// A view on the first page.
struct Shown {
    id: &'static str,
    short: String,
    title: String,
    intro: Vec<String>,
    count: String,
    find: String,
    inner: String,
    blocks: Vec<()>,
    further: Vec<Beside>,
}

/// A link to a further page.
struct Beside {
    name: String,
    from: String,
    to: String,
}

/// The pages, by their names.
pub fn pages(review: &Review) -> Result<Vec<(String, String)>, Error> {
    let people = review.model.of(Part::Person).len();
    let views = views(review, &Links::One)?;
    if layout::is_one_page(people, &views) {
        let index = index(review, views, &Links::One, &Plan::new())?;
        return Ok(vec![("index.html".into(), index)]);
    }
    drop(views);
    let measured = self::views(review, &Links::Measure)?;
    let plan = layout::plan(&measured, layout::PAGE);
    let links = Links::Several(layout::anchors(&measured, &plan));
    drop(measured);
    let views = self::views(review, &links)?;
    let mut all = Vec::new();
    for view in &views {
        let pages = plan.get(view.id).map(Vec::as_slice).unwrap_or_default();
        for (at, page) in pages.iter().enumerate() {
            let name = |at: Option<usize>| {
                at.and_then(|at| pages.get(at)).map(|page| page.name.clone()).unwrap_or_default()
            };
            let Beside { from, to, .. } = beside(view, page);
            let further = Further {
                frame: frame(review),
                heading: view.title.clone(),
                from,
                to,
                before: name(at.checked_sub(1)),
                after: name(Some(at + 1)),
                inner: inner(view, page)?,
            };
            all.push((page.name.clone(), rendered(&further)?));
        }
    }
    all.insert(0, ("index.html".into(), index(review, views, &links, &plan)?));
    Ok(all)
}

/// All views, in the order in which they stand.
fn views(review: &Review, links: &Links) -> Result<Vec<View>, Error> {
    let look = review.look();
    let pen = Pen { speaker: look.speaker(), links };
    let mut all = Vec::new();
    all.extend(picture::view(look, pen)?);
    all.extend(access::resources(look, pen, Part::Thing)?);
    all.push(admins::administrators(look, pen)?);
    all.push(views::findings(review, pen)?);
    all.push(views::changes(review, pen)?);
    if let Some(orphans) = &review.orphans {
        all.push(views::orphans(look, pen, orphans)?);
    }
    all.extend(access::resources(look, pen, Part::Group)?);
    all.extend(access::resources(look, pen, Part::Whole)?);
    all.push(access::people(look, pen)?);
    all.iter_mut().for_each(|view| view.intro.retain(|text| !text.is_empty()));
    Ok(all)
}

fn index(review: &Review, views: Vec<View>, links: &Links, plan: &Plan) -> Result<String, Error> {
    let pen = Pen { speaker: review.look().speaker(), links };
    let shown = views.into_iter().map(|view| {
        let pages = plan.get(view.id).map(Vec::as_slice).unwrap_or_default();
        let further: Vec<Beside> = pages.iter().map(|page| beside(&view, page)).collect();
        let mut inner = view.before.clone();
        if further.is_empty() {
            inner.push_str(&self::inner(&view, &all_of(&view))?);
        }
        let blocks = if further.is_empty() { vec![(); view.blocks.len()] } else { vec![] };
        let View { id, short, title, intro, count, find, .. } = view;
        Ok(Shown { id, short, title, intro, count, find, inner, blocks, further })
    });
    let index = Index {
        frame: frame(review),
        cover: cover::cover(review, pen),
        views: shown.collect::<Result<_, Error>>()?,
        ending: ending::ending(review)?,
    };
    rendered(&index)
}

/// All cards of a view as one page.
fn all_of(view: &View) -> Page {
    let part = |(block, of): (usize, &block::Block)| layout::Part { block, from: 0, to: of.rows.len() };
    Page { name: String::new(), parts: view.blocks.iter().enumerate().map(part).collect() }
}

/// The cards of a page.
fn inner(view: &View, page: &Page) -> Result<String, Error> {
    let mut out = String::new();
    for part in &page.parts {
        let Some(block) = view.blocks.get(part.block) else { continue };
        out.push_str(&block.open(part.from > 0)?);
        block.rows.get(part.from..part.to).unwrap_or_default().iter().for_each(|row| out.push_str(row));
        out.push_str(block.close());
    }
    Ok(out)
}

fn beside(view: &View, page: &Page) -> Beside {
    let title = |part: Option<&layout::Part>| {
        let block = part.and_then(|part| view.blocks.get(part.block));
        block.map(|block| block.title.clone()).unwrap_or_default()
    };
    Beside { name: page.name.clone(), from: title(page.parts.first()), to: title(page.parts.last()) }
}

fn frame(review: &Review) -> Frame {
    let hash = |text: &str| BASE64.encode(digest(&SHA256, text.as_bytes()).as_ref());
    let product = review.facts.as_ref().map(|facts| facts.product.as_str()).unwrap_or_default();
    Frame {
        title: format!("Access review {product}").trim_end().to_owned(),
        program: review.request.program.clone(),
        policy: format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            hash(STYLE),
            hash(SCRIPT)
        ),
        style: STYLE,
        script: SCRIPT,
    }
}

fn rendered(page: &impl Template) -> Result<String, Error> {
    page.render().map_err(|error| Error::make("a page", error))
}
