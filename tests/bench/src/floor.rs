//! The floor: the least that a native program has to do for the same file.
//!
//! It sends the same requests over kept connections, parses the same replies into the fields that are used, writes the
//! same rows into SQLite, and packs them in the same way. There is nothing else in it: no component, no checks, no
//! limits, no journal, nothing that is asked again or told to anybody. What a program costs beyond this is what it
//! costs to be safe, or room to become faster. That the rows are the same, byte for byte, is checked at each run.
//!
//! `walk` asks for page after page (`connection`), which `reply` describes; `records` makes messages of them, and
//! `rows` writes those into the file.

mod connection;
mod records;
mod reply;
mod rows;
mod walk;

use std::path::Path;

use tokio::sync::mpsc::error::SendError;

use self::connection::Server;
use self::records::Sent;
use crate::outcome::Result;

/// Pages that wait for the writer at most.
const AHEAD: usize = 16;

/// Read everything into a new file.
pub fn floor(url: &str, token: &str, file: &Path, workers: usize) -> Result {
    let server = Server::new(url, token)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (pages, written) = tokio::sync::mpsc::channel(AHEAD);
    let writer = std::thread::spawn({
        let file = file.to_owned();
        move || rows::write(&file, written)
    });
    // In a task, so that what follows a reply runs on the thread that took it.
    let read = runtime.block_on(runtime.spawn(walk::walk(server, workers, pages)))?;
    let wrote = writer.join().map_err(|_| "the writer panicked")?;
    // One that has no reader any more says so, and the other one says why.
    match (read, wrote) {
        (Err(error), Err(_)) if !error.is::<SendError<Sent>>() => Err(error),
        (_, wrote) => wrote,
    }
}

#[cfg(test)]
mod tests {
    use baton_host::sink::c1z::{C1z, Options};
    use baton_host::{Config, Engine, EngineOptions, Secret, SyncOptions};
    use baton_planetscale_component::PLANETSCALE;

    use super::*;
    use crate::api::{Api, Manner, scenario};
    use crate::rows::Contents;

    async fn ours(url: &str, token: &str, file: &Path) -> Result {
        let connector = Engine::new(EngineOptions::default())?.load(PLANETSCALE)?;
        let schema = connector.config_schema().await?;
        let values = [
            ("planetscale-service-token".to_owned(), Secret::from(token)),
            ("planetscale-api-url".to_owned(), Secret::from(url)),
        ];
        let mut sink = C1z::create(file, Options::default())?;
        connector.sync(Config::new(&schema, values)?, &mut sink, SyncOptions::default()).await?;
        Ok(())
    }

    #[test]
    fn its_file_says_what_ours_does_and_it_asks_for_no_page_more() {
        // The usual ones, people in several organizations, and everything that a record can be.
        for name in ["S", "M", "shared", "demo", "empty-organization"] {
            let mut scenario = scenario(name).expect("a scenario");
            scenario.latency_ms = 0;
            let api = Api::start(scenario, Manner::default()).expect("a double");
            let folder = tempfile::tempdir().expect("a folder");
            let (url, token) = (api.server.url(), api.server.service_token());
            let (theirs, our) = (folder.path().join("floor.c1z"), folder.path().join("ours.c1z"));
            floor(url, token, &theirs, 4).expect("a floor");
            assert_eq!(api.server.counters().requests, api.bound, "{name}");
            assert!(api.server.counters().connections <= 4, "{name}");
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(ours(url, token, &our)).expect("a sync");
            let [theirs, our] = [theirs, our].map(|file| Contents::of(&file).expect("a file"));
            assert_eq!(theirs.map(|found| found.rows), Some(api.rows), "{name}");
            assert_eq!(theirs, our, "{name}");
        }
    }
}
