//! The views of what was found, what is otherwise, and who should be there.

use crate::changes::{Changes, Person, Turn, What as Reached};
use crate::error::Error;
use crate::look::Look;
use crate::people::Orphans;
use crate::review::{Compared, Review};
use crate::rule::{Case, State, Subject, Weight};
use crate::words::{capital, stored};

use super::access::people_told;
use super::block::{Block, Cell, Head, Pen, Piece, Tag, Text, View, Way, What, line, row};

/// Everything that was found.
pub fn findings(review: &Review, pen: Pen<'_>) -> Result<View, Error> {
    let all = &review.findings;
    let mut blocks = Vec::new();
    for finding in &all.found {
        let open = finding.cases.iter().filter(|case| case.is_open()).count();
        let class = match finding.rule.weight {
            Weight::High => "alarm",
            Weight::Medium => "power",
            Weight::Low => "",
        };
        let mut tags = vec![Tag::of(format!("{} weight", finding.rule.weight.name()), class)];
        if open > 0 {
            tags.push(Tag::of(format!("{open} open"), "mark"));
        }
        if finding.cases.len() > open {
            tags.push(Tag::of(format!("{} accepted", finding.cases.len() - open), "calm"));
        }
        let rows = finding.cases.iter().map(|case| one_case(pen, case));
        blocks.push(Block {
            anchor: format!("f-{}", finding.rule.id),
            title: pen.speaker.fill(finding.rule.title),
            texts: vec![Text::plain(pen.speaker.fill(finding.rule.why))],
            tags,
            heads: vec![
                Head { text: "Who or what", class: "c-who" },
                Head { text: "What exactly", class: "" },
                Head { text: "State", class: "c-factor" },
            ],
            rows: rows.collect::<Result<_, _>>()?,
            ..Block::default()
        });
    }
    let mut intro = vec![
        "What deserves a look, with the rule by which it was found. A finding is a question to whoever is responsible, and \
         no verdict."
            .to_owned(),
    ];
    if blocks.is_empty() {
        intro.push("Nothing was found.".into());
    }
    let unknown = all.second_factor_unknown.len();
    if unknown > 0 {
        intro.push(format!(
            "Of {unknown} {} the second factor is not known, because they sign in elsewhere: ask whoever keeps the \
             identity provider. They are not among the findings.",
            if unknown == 1 { "administrator" } else { "administrators" }
        ));
    }
    Ok(View {
        id: "findings",
        short: "Findings".into(),
        title: "Findings".into(),
        intro,
        count: all.open().to_string(),
        find: "findings".into(),
        blocks,
        ..View::default()
    })
}

fn one_case(pen: Pen<'_>, case: &Case) -> Result<String, Error> {
    let who = match &case.subject {
        Subject::Resource(id) if pen.speaker.email(*id).is_empty() => pen.thing("Who or what", *id, vec![]),
        Subject::Resource(id) => pen.person("Who or what", *id, vec![]),
        Subject::Text(text) => line("Who or what", text.as_str()),
    };
    let mut what = Vec::new();
    if let Some(place) = case.place {
        what.extend([Piece::text("in "), pen.name(place)]);
    }
    if !case.detail.is_empty() {
        let between = if what.is_empty() { "" } else { ": " };
        what.push(Piece::text(format!("{between}{}", case.detail)));
    }
    let (tag, soft) = match &case.state {
        State::Open => (Tag::of("open", "mark"), String::new()),
        State::Accepted(reason, until) => {
            (Tag::of(format!("accepted until {until}"), "calm"), reason.clone())
        }
        State::Ended(reason, until) => {
            (Tag::of(format!("open: accepted only until {until}"), "power"), reason.clone())
        }
    };
    row(&[
        who,
        Cell { label: "What exactly", what: What::Line { line: what, tags: vec![], soft: String::new() } },
        Cell { label: "State", what: What::Line { line: vec![], tags: vec![tag], soft } },
    ])
}

/// What each turn is called, and what it says.
const TURNS: [(Turn, &str, &str, &str); 5] = [
    (Turn::Rose, "Rose", "Administers something that they did not administer before.", "alarm"),
    (Turn::Came, "Came", "Was not there before.", "mark"),
    (Turn::Fell, "Fell", "Administers less than before.", ""),
    (Turn::Went, "Went", "Is not there any more.", ""),
    (Turn::Moved, "Moved", "Reaches something else, but administers neither more nor less.", ""),
];

/// What is otherwise.
pub fn changes(review: &Review, pen: Pen<'_>) -> Result<View, Error> {
    let mut view = View {
        id: "changes",
        short: "Changes".into(),
        title: "Changes".into(),
        find: "changes".into(),
        ..View::default()
    };
    let Compared::With(changes) = &review.compared else {
        view.intro.push(
            "Not told by this file: it holds one sync, and there is none to compare it with. Another file with an earlier \
             sync can be given with --since."
                .into(),
        );
        return Ok(view);
    };
    view.title = format!("Changes since {}", stored(&changes.ended));
    view.intro.push(format!(
        "Compared with {}. What counts is what somebody reaches, on whichever way.",
        changes.from
    ));
    view.count = (changes.people.len() + changes.came.len() + changes.went.len()).to_string();
    if changes.is_empty() {
        view.intro.push("Nothing is otherwise.".into());
    }
    for (turn, title, text, class) in TURNS {
        let people: Vec<&Person> = changes.people.iter().filter(|one| one.turn == turn).collect();
        if people.is_empty() {
            continue;
        }
        let rows = people.iter().map(|person| one_person(pen, person));
        view.blocks.push(Block {
            anchor: format!("c-{}", turn.name()),
            title: title.into(),
            texts: vec![Text::plain(text)],
            tags: vec![Tag::of(people_told(people.len()), class)],
            heads: vec![
                Head { text: "Who", class: "c-who" },
                Head { text: "Reaches now", class: "c-half" },
                Head { text: "Reaches no more", class: "c-half" },
            ],
            rows: rows.collect::<Result<_, _>>()?,
            ..Block::default()
        });
    }
    if let Some(block) = things(changes, pen)? {
        view.blocks.push(block);
    }
    Ok(view)
}

fn one_person(pen: Pen<'_>, person: &Person) -> Result<String, Error> {
    let who = match person.id {
        Some(id) => pen.person("Who", id, vec![]),
        None => Cell {
            label: "Who",
            what: What::Who {
                piece: Piece::text(person.name.as_str()),
                mail: Some(&person.email).filter(|mail| **mail != person.name).cloned().unwrap_or_default(),
                tags: vec![],
            },
        },
    };
    row(&[who, reached("Reaches now", &person.gained), reached("Reaches no more", &person.lost)])
}

fn reached(label: &'static str, all: &[Reached]) -> Cell {
    let way = |what: &Reached| {
        let place = if what.place.is_empty() { String::new() } else { format!(" in {}", what.place) };
        Way { line: vec![Piece::text(format!("{}{place}", what.text))], kept: String::new() }
    };
    Cell { label, what: What::Ways(all.iter().map(way).collect()) }
}

fn things(changes: &Changes, pen: Pen<'_>) -> Result<Option<Block>, Error> {
    if changes.came.is_empty() && changes.went.is_empty() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    let turn = |text: &str| Cell {
        label: "Turn",
        what: What::Line { line: vec![], tags: vec![Tag::of(text, "mark")], soft: String::new() },
    };
    for id in &changes.came {
        rows.push(row(&[pen.thing("What", *id, vec![]), turn("came")])?);
    }
    for (kind, name) in &changes.went {
        let what = What::Who { piece: Piece::text(name.as_str()), mail: kind.clone(), tags: vec![] };
        rows.push(row(&[Cell { label: "What", what }, turn("went")])?);
    }
    Ok(Some(Block {
        title: "What else came and went".into(),
        heads: vec![Head { text: "What", class: "" }, Head { text: "Turn", class: "" }],
        rows,
        ..Block::default()
    }))
}

/// Who should be there.
pub fn orphans(look: Look<'_>, pen: Pen<'_>, orphans: &Orphans) -> Result<View, Error> {
    let mut blocks = Vec::new();
    let rows = orphans.accounts.iter().chain(&orphans.nameless).map(|person| {
        let wholes = look.wholes_of(*person);
        row(&[
            pen.person("Account", *person, super::access::tags(look, *person)),
            line("In", look.names(&wholes)),
        ])
    });
    let rows: Vec<String> = rows.collect::<Result<_, _>>()?;
    if !rows.is_empty() {
        blocks.push(Block {
            title: "Accounts of nobody on the list".into(),
            texts: vec![Text::plain(
                "They left, never were on the list, or are called otherwise there. Each can still do what it reaches.",
            )],
            tags: vec![Tag::of(people_told(rows.len()), "alarm")],
            heads: vec![Head { text: "Account", class: "" }, Head { text: "In", class: "" }],
            rows,
            ..Block::default()
        });
    }
    let rows: Vec<String> = orphans
        .absent
        .iter()
        .map(|address| row(&[line("Address on the list", address.as_str())]))
        .collect::<Result<_, _>>()?;
    if !rows.is_empty() {
        blocks.push(Block {
            title: "People on the list without an account".into(),
            texts: vec![Text::plain("Nothing is wrong with that, unless one of them should have access.")],
            tags: vec![Tag::of(people_told(rows.len()), "")],
            heads: vec![Head { text: "Address on the list", class: "" }],
            rows,
            ..Block::default()
        });
    }
    let without = match orphans.without {
        0 => String::new(),
        without => format!(" {without} of its rows have no address and were passed over."),
    };
    Ok(View {
        id: "orphans",
        short: "Who should be there".into(),
        title: "Who should be there".into(),
        intro: vec![
            format!(
                "Accounts beside the {} people of {} (column {}).{without}",
                orphans.people, orphans.file, orphans.column
            ),
            if blocks.is_empty() {
                capital("everybody with an account is on the list, and everybody on it has one.")
            } else {
                String::new()
            },
        ],
        count: (orphans.accounts.len() + orphans.nameless.len()).to_string(),
        find: "accounts".into(),
        blocks,
        ..View::default()
    })
}
