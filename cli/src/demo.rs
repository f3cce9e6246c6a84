//! The embedded example: a made-up company behind an API that answers as PlanetScale's does, on this machine.
//!
//! The sync is the one that a user runs, over HTTP, with the same component, guard and file; only the service
//! token and the address are the example's own. This is the one file of the program that knows PlanetScale.

use std::path::{Path, PathBuf};

use baton_host::contract::{ResourceId, ResourceType};
use baton_host::records::{List, Records};
use baton_host::sink::{Memory, Scratch, Sink};
use baton_host::{Config, Connector, Facts, Secret, SinkError, Summary, SyncOptions};
use baton_planetscale_demo::{Scenario, Server};
use baton_report::Output as ReviewFolder;
use baton_run::{Output, Work};

use crate::failure::Failure;
use crate::name::PROGRAM;
use crate::print::print;
use crate::progress::Display;
use crate::review;
use crate::settings::Sources;
use crate::stop::Stop;
use crate::tables;

/// What the company is, as it would say so itself.
const RULES: &str = "domains: [kestrel.example, osprey.example]\nmany: 3\n";

/// Run it.
pub async fn run(
    connector: &Connector,
    sources: &Sources<'_>,
    display: &Display,
    stop: &Stop,
) -> Result<(), Failure> {
    stop.syncing();
    let settings = sources.settings()?;
    let server = Server::start(Scenario::demo())
        .map_err(|error| Failure::Setting(format!("cannot start the demo's API: {error}")))?;
    let values = [
        ("planetscale-service-token".to_owned(), Secret::from(server.service_token())),
        ("planetscale-api-url".to_owned(), Secret::from(server.url())),
    ];
    let config = Config::new(&connector.config_schema().await?, values)?;
    let work = Work::begin(&settings.place)?;
    let options = SyncOptions { observer: display.observer(), ..settings.sync };
    let mut output = Output::create(&settings.place, &options, &work)?;
    // A made-up company must not become the newest of somebody's syncs, nor push them out.
    if let Some(organization) = Scenario::demo().organizations.first() {
        let id = ResourceId { resource_type: "organization".into(), id: organization.id.clone() };
        if output.earlier_without(&id)? > 0 {
            return Err(Failure::Setting(format!(
                "field file: {} holds syncs of something else than the demo; give another name, such as --file demo.c1z",
                settings.place.file.display()
            )));
        }
    }
    let mut found = Memory::default();
    let mut both = Both { file: output.sink(), memory: &mut found };
    let result = tokio::select! {
        biased;
        result = connector.sync(config, &mut both, options) => result.map_err(Failure::Library),
        signal = stop.told() => Err(Failure::Stopped { signal, kept: false }),
    };
    display.clear();
    let summary = result?;
    let file = output.written().path;
    drop(output);
    // The example's own domains, so that an address elsewhere is seen.
    let rules = review::rules()?.with(RULES, "the demo")?;
    let review = ReviewFolder { folder: review_beside(&file), replace: true, ..ReviewFolder::default() };
    let made = review::of_sync(file.clone(), &review, rules)?;
    let text = [
        format!(
            "Kestrel is a made-up company. Its PlanetScale was just read from {}, an API on this machine \
             that answers as the real one does, through the same connector and guard.\n",
            server.url()
        ),
        tables::all(&found, &summary.warnings),
        not_told(&summary.unseen(&connector.metadata().await?)),
        last_words(&summary, &file, &made.page),
    ];
    print(&text.join("\n"))
}

/// What is in no table, because the API does not tell it.
fn not_told(sentences: &[&str]) -> String {
    let lines: String = sentences.iter().map(|sentence| format!("  - {sentence}\n")).collect();
    if lines.is_empty() { lines } else { format!("What the API does not tell\n{lines}") }
}

/// Every record into two sinks: the file, and memory for the tables.
struct Both<'a> {
    file: &'a mut dyn Sink,
    memory: &'a mut Memory,
}

impl Sink for Both<'_> {
    fn know(&mut self, types: &[ResourceType]) {
        self.memory.know(types);
        self.file.know(types);
    }

    fn write(&mut self, list: &List, records: Records) -> Result<(), SinkError> {
        self.memory.write(list, records.clone())?;
        self.file.write(list, records)
    }

    fn scratch(&mut self) -> Result<Scratch, SinkError> {
        self.file.scratch()
    }

    fn complete(&mut self, list: &List) -> Result<(), SinkError> {
        self.memory.complete(list)?;
        self.file.complete(list)
    }

    fn restart(&mut self, list: &List) -> Result<(), SinkError> {
        self.memory.restart(list)?;
        self.file.restart(list)
    }

    fn note(&mut self, facts: &Facts) -> Result<(), SinkError> {
        self.file.note(facts)
    }

    fn finish(&mut self) -> Result<(), SinkError> {
        self.memory.finish()?;
        self.file.finish()
    }
}

/// The folder of the review: beside the file, named after it.
fn review_beside(file: &Path) -> PathBuf {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{name}-review"))
}

/// How it went, and how to go on.
fn last_words(summary: &Summary, file: &Path, page: &Path) -> String {
    let total = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
    format!(
        "{} resources, {} entitlements and {} grants, read with {} requests, are in {file}.\n\
         For whoever has to sign that this is right there is a review. Open it in a browser: {page}\n\
         \n\
         With your own PlanetScale:\n\
         \x20 1. In an organization's settings make a service token, and give it the organization access\n\
         \x20    read_organization. It needs no more, and this program asks for no more.\n\
         \x20 2. export BATON_PLANETSCALE_SERVICE_TOKEN='<id>:<token>'\n\
         \x20    export BATON_PLANETSCALE_API_URL=https://api.planetscale.com\n\
         \x20 3. {program} --file my.c1z     (--help shows the rest)\n",
        total(&summary.resources),
        total(&summary.entitlements),
        total(&summary.grants),
        summary.requests,
        file = file.display(),
        page = page.display(),
        // As it was called: it need not be on the path.
        program = std::env::args().next().unwrap_or_else(|| PROGRAM.to_owned()),
    )
}
