//! The plan of the tree, as data. Who changes the house changes it here first.

/// A folder with one crate, or with several that are of one kind.
pub struct Room {
    /// The folder, from the root.
    pub folder: &'static str,
    /// The rooms whose crates it may build on.
    pub on: &'static [&'static str],
}

/// A part of one crate.
pub struct Wing {
    /// Its folder in the crate's sources, with the file of the same name.
    pub name: &'static str,
    /// The wings that its files may import. A name that ends in `.rs` is that file alone.
    pub on: &'static [&'static str],
}

/// A crate that has wings: its sources, and the wings. Its `lib.rs` is the face: it may import all, nobody imports it.
pub struct House {
    /// Where its sources are.
    pub sources: &'static str,
    /// What they are divided into.
    pub wings: &'static [Wing],
}

/// All of it.
pub struct Plan {
    /// The rooms.
    pub rooms: &'static [Room],
    /// What tests of any room may build on besides.
    pub tests_on: &'static [&'static str],
    /// Crates with wings.
    pub houses: &'static [House],
    /// Rooms whose programs are given to users: what `cargo build` builds, with what these build on, and nothing else.
    pub deployed: &'static [&'static str],
    /// Rooms that `cargo test` leaves out, because something else tries them.
    pub tried_apart: &'static [&'static str],
    /// How many lines a source file may have.
    pub longest: usize,
    /// Files that may be longer: generated ones, and tables of data for tests.
    pub may_be_longer: &'static [&'static str],
}

/// Anything may be tested, measured and shown.
const ALL: &[&str] = &[""];

/// The plan.
pub const PLAN: Plan = Plan {
    rooms: &[
        Room {
            folder: "cli",
            on: &["service", "report", "run", "c1z", "host", "connector/component", "demo"],
        },
        Room {
            folder: "console",
            on: &["service", "report", "run", "c1z", "host", "connector/component", "demo"],
        },
        Room { folder: "kit/program", on: &["report", "run", "c1z", "host"] },
        Room { folder: "service", on: &["run", "c1z", "host"] },
        Room { folder: "report", on: &["c1z", "host"] },
        Room { folder: "run", on: &["c1z", "host"] },
        Room { folder: "c1z", on: &["host"] },
        Room { folder: "host", on: &[] },
        Room { folder: "kit/rust", on: &[] },
        Room { folder: "connector", on: &["connector/api", "kit/rust"] },
        Room { folder: "connector/api", on: &[] },
        // It builds the connector with a cargo of its own, and so names no crate.
        Room { folder: "connector/component", on: &[] },
        Room { folder: "demo", on: &[] },
        Room { folder: "tests/guests", on: &["kit/rust"] },
        Room { folder: "tests/stock/rust", on: &[] },
        Room { folder: "tests/support", on: ALL },
        Room { folder: "tests/bench", on: ALL },
        Room { folder: "tests", on: ALL },
        Room { folder: "fuzz", on: ALL },
        Room { folder: "examples", on: ALL },
        Room { folder: "embed", on: ALL },
    ],
    tests_on: &["tests/support", "demo", "connector/component"],
    houses: &[House {
        sources: "host/src",
        wings: &[
            Wing { name: "model", on: &[] },
            // The trait and its keys, not the file that implements it.
            Wing { name: "network", on: &["model", "journal/entries.rs"] },
            Wing { name: "journal", on: &["model"] },
            Wing { name: "component", on: &["model", "network"] },
            Wing { name: "sink", on: &["model"] },
            Wing { name: "sync", on: &["model", "network", "journal", "component", "sink"] },
        ],
    }],
    deployed: &["cli", "console", "kit/program"],
    tried_apart: &["tests/bench", "embed"],
    longest: 350,
    may_be_longer: &[],
};
