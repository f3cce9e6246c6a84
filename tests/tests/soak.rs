//! Many syncs in one process leave nothing behind: one after another and fifty at a time, hostile ones among them. What
//! the process holds at the end has to be what it held after the first of them. Linux only.
//!
//! The process is one of this test's own. The long form takes some minutes:
//!
//!     SOAK_SYNCS=500 cargo test -p baton-planetscale-tests soak -- --nocapture

use std::fmt;
use std::path::Path;
use std::time::Duration;

use baton_c1z::{C1z, Options};
use baton_host::{Config, Limits, Secret, SyncOptions};
use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::apart::again;
use baton_planetscale_support::guests::misbehave;
use baton_planetscale_support::{connector, options};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Syncs at the same time.
const AT_ONCE: usize = 50;

/// What the hostile ones do.
const MODES: [&str; 5] = ["memory", "gigabyte", "million", "warnings", "spin"];

/// What an allocator may keep for itself, in KiB: 500 syncs that each leave a page of records behind leave more.
const SLACK: u64 = 12 << 10;

/// glibc keeps an arena for each thread there ever was, and each double of the API has threads of its own. With one
/// arena for all, what is resident is what is held.
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// How many syncs, for the long form.
const SYNCS: &str = "SOAK_SYNCS";

/// That this process is the one that does it.
const ALONE: &str = "SOAK_ALONE";

#[test]
fn many_syncs_leave_nothing_behind() {
    let syncs: usize = std::env::var(SYNCS).map_or(50, |text| text.parse().expect("a number of syncs"));
    if std::env::var_os(ALONE).is_none() {
        let mut again = again("soak::many_syncs_leave_nothing_behind").expect("this program");
        let output = again.env(ALONE, "1").env(ARENAS, "1").output().expect("it starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (told, errors) = (text(&output.stdout), text(&output.stderr));
        println!("{told}");
        assert!(output.status.success(), "{told}{errors}");
        assert!(told.contains(&format!("after {} syncs", syncs + 2 * AT_ONCE)), "nothing was done: {told}");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.expect("a runtime").block_on(soak(syncs)).unwrap_or_else(|error| panic!("{error}"));
}

async fn soak(syncs: usize) -> Result {
    let folder = tempfile::tempdir()?;
    // The first ones fill pools and caches.
    for number in 0..MODES.len() {
        hostile(number).await?;
    }
    one_after_another(syncs / 5, folder.path()).await?;
    at_once(folder.path()).await?;
    let before = Held::now(folder.path())?;
    println!("after {} syncs: {before}", syncs / 5 + AT_ONCE);
    one_after_another(syncs - syncs / 5, folder.path()).await?;
    at_once(folder.path()).await?;
    // What was dropped is gone when its task or thread has ended, which nothing announces.
    for _ in 0..200 {
        if Held::now(folder.path())?.fits(&before) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let after = Held::now(folder.path())?;
    println!("after {} syncs: {after}", syncs + 2 * AT_ONCE);
    if after.fits(&before) { Ok(()) } else { Err("the process holds more than it did".into()) }
}

async fn one_after_another(syncs: usize, folder: &Path) -> Result {
    for number in 0..syncs {
        one(number, folder.to_owned()).await?;
        if number.is_multiple_of(10) {
            hostile(number / 10).await?;
        }
    }
    Ok(())
}

async fn at_once(folder: &Path) -> Result {
    let mut running = tokio::task::JoinSet::new();
    for number in 0..AT_ONCE {
        running.spawn(one(number, folder.to_owned()));
    }
    running.join_all().await.into_iter().collect()
}

/// A sync of a tenant of its own into a file, which then is taken away.
async fn one(number: usize, folder: std::path::PathBuf) -> Result {
    let server = Server::start(Scenario::overlapping(3, 40, 4, 10, 20))?;
    let file = folder.join(format!("{number}.c1z"));
    let mut sink = C1z::create(&file, Options::default())?;
    let connector = connector();
    let values = [
        ("planetscale-service-token".to_owned(), Secret::from(server.service_token())),
        ("planetscale-api-url".to_owned(), Secret::from(server.url())),
    ];
    let config = Config::new(&connector.config_schema().await?, values)?;
    connector.sync(config, &mut sink, options(2)).await?;
    drop(sink);
    std::fs::remove_file(file)?;
    tokio::task::spawn_blocking(|| server.stop()).await?;
    Ok(())
}

/// A sync that is stopped at a limit.
async fn hostile(number: usize) -> Result {
    let mode = MODES.get(number % MODES.len()).copied().unwrap_or("spin");
    let limits = Limits { call: Duration::from_millis(300), ..Limits::default() };
    // How it ends is another test's; here it only has to leave nothing.
    let _ =
        misbehave(&[("mode", mode), ("at", "list-resources")], SyncOptions { limits, ..options(1) }).await;
    Ok(())
}

/// What a process holds.
struct Held {
    resident: u64,
    descriptors: usize,
    threads: u64,
    tasks: usize,
    files: usize,
}

impl Held {
    fn now(folder: &Path) -> Result<Held> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let number = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let text = line.and_then(|line| line.split_whitespace().next()).ok_or("no such line")?;
            Ok(text.parse()?)
        };
        Ok(Held {
            resident: number("VmRSS:")?,
            descriptors: std::fs::read_dir("/proc/self/fd")?.count(),
            threads: number("Threads:")?,
            tasks: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
            files: std::fs::read_dir(folder)?.count(),
        })
    }

    fn fits(&self, before: &Held) -> bool {
        self.resident <= before.resident + SLACK
            && self.descriptors <= before.descriptors
            && self.threads <= before.threads
            && self.tasks <= before.tasks
            && self.files <= before.files
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Held { resident, descriptors, threads, tasks, files } = self;
        write!(
            f,
            "{resident} KiB resident, {descriptors} descriptors, {threads} threads, {tasks} tasks, {files} files"
        )
    }
}
