//! The pages, as somebody reads them.

use std::path::{Path, PathBuf};

use baton_report::{Made, Output, Review, make};

use crate::access::request;
use crate::world::{World, facts};

/// A folder with a file of the company in it.
pub struct Place {
    pub folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The company as it was, and as it is now, in one file.
    pub fn company(&self) -> PathBuf {
        let file = self.path("sync.c1z");
        before().write(&file, Some(&facts()));
        World::company().write(&file, Some(&facts()));
        file
    }

    pub fn make(&self, file: &Path, name: &str) -> Made {
        let review = Review::of(request(file)).expect("a review");
        make(&review, &Output { folder: self.path(name), ..Output::default() }).expect("a folder")
    }
}

/// The company earlier: one who went since, one who was no administrator, one who was in another team.
pub fn before() -> World {
    let mut world = World::company();
    world.person("Grace Whitfield", "grace@kestrel.example", Some(true), true);
    world.holds("grace", "organization", "freight", "member");
    world.holds("grace", "team", "Platform", "member");
    world.forget_person("mateo");
    world.forget_grant("lucia", "organization", "studio");
    world.holds("lucia", "organization", "studio", "member");
    world
}

#[test]
fn one_page_answers_who_can_drop_a_database_who_lacks_a_second_factor_what_changed_and_what_cannot_be_known()
{
    let place = Place::new();
    let file = place.company();
    place.make(&file, "review");
    let page = std::fs::read_to_string(place.path("review/index.html")).expect("a page");
    if let Some(copy) = std::env::var_os("REVIEW_TO_LOOK_AT") {
        std::fs::write(copy, &page).expect("a copy");
    }
    let text = text_of(&page);
    for part in [
        "Who reaches what in Acme Cloud",
        "orders: 5 people, Amara Okafor, Jonas Lindqvist, Mateo Herrera, Priya Raghavan, …",
        "member of Payments, which administers orders",
        "Can change it in every way, and drop it.",
        "Administrator without a second factor: Lucía Fernández",
        "Lucía Fernández administers more now",
        "Mateo Herrera came",
        "Grace Whitfield went",
        "Who was made administrator of a single database is in no list.",
        "When somebody last signed in is told by nobody.",
        "reader-7",
        "https://api.acme.example",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

/// The words of a page, with one blank between them.
pub fn text_of(page: &str) -> String {
    let body = page.split("<body>").nth(1).and_then(|rest| rest.split("<script>").next()).expect("a body");
    let blocks = ["</dt>", "</dd>", "</td>", "</th>", "</li>", "</p>", "</h2>", "</h3>"];
    let body = blocks.iter().fold(body.to_owned(), |body, end| body.replace(end, " "));
    let mut text = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    let text = text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
