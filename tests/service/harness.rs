//! The program as a service: an API to read, a C1 to work for, and an environment that holds what the test says.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use baton_planetscale_demo::{Scenario, Server};
use baton_planetscale_support::fake_c1::{Answered, Event, FakeC1, Options, Seen};
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

/// What a process calls itself, unless a test says otherwise.
pub const HOST_ID: &str = "host-1";

/// Longer than anything here takes: who waits so long waits in vain.
const LONGEST: Duration = Duration::from_secs(120);

/// Where a service works.
pub struct Place {
    pub api: Server,
    pub c1: FakeC1,
    folder: tempfile::TempDir,
}

impl Place {
    /// The demo's company, and a C1 where all goes well.
    pub fn new() -> Place {
        Place::with(Scenario::demo(), Options::default())
    }

    pub fn with(scenario: Scenario, options: Options) -> Place {
        let api = Server::start(scenario).expect("an API");
        let c1 = FakeC1::start(options).expect("a C1");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("tmp")).expect("a folder");
        let place = Place { api, c1, folder };
        place.file("ca.pem", place.c1.ca_pem().as_bytes());
        place
    }

    /// The program with the five variables, and where the fake is.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton-planetscale"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("TMPDIR", self.temporary())
            .env("BATON_CLIENT_ID", baton_planetscale_support::fake_c1::CLIENT_ID)
            .env("BATON_CLIENT_SECRET", self.c1.client_secret())
            .env("BATON_HOST_ID", HOST_ID)
            .env("BATON_LOG_LEVEL", "debug")
            .env("BATON_PLANETSCALE_SERVICE_TOKEN", self.api.service_token())
            .env("BATON_PLANETSCALE_API_URL", self.api.url())
            .env("BATON_C1_API_HOST", self.c1.host())
            .env("SSL_CERT_FILE", self.folder.path().join("ca.pem"));
        command
    }

    /// A service that runs.
    pub fn start(&self, args: &[&str]) -> Service {
        let mut program = self.program();
        program.args(args);
        Service::start(program, self.secrets())
    }

    /// The same with a command line of the test's own making.
    pub fn start_as(&self, program: Command) -> Service {
        Service::start(program, self.secrets())
    }

    /// What must never be told.
    fn secrets(&self) -> Vec<String> {
        let token = self.api.service_token();
        let half = token.split_once(':').map(|(_, half)| half.to_owned());
        let key = self.c1.client_secret().rsplit_once(':').map(|(_, key)| key.to_owned());
        half.into_iter().chain(key).chain(["Bearer".to_owned(), "token-0".to_owned()]).collect()
    }

    /// A file for the program to read.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// The folder for temporary files.
    pub fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// What lies there.
    pub fn left_over(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.temporary()).expect("the folder");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }
}

/// What was logged so far, and whether that is all.
#[derive(Default)]
struct Log {
    lines: Mutex<(Vec<String>, bool)>,
    changed: Condvar,
}

/// A process that runs.
pub struct Service {
    child: Child,
    log: Arc<Log>,
    reader: Option<JoinHandle<()>>,
    secrets: Vec<String>,
}

impl Service {
    fn start(mut program: Command, secrets: Vec<String>) -> Service {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stderr = child.stderr.take().expect("stderr");
        let log = Arc::new(Log::default());
        let kept = log.clone();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                kept.lines.lock().unwrap_or_else(PoisonError::into_inner).0.push(line);
                kept.changed.notify_all();
            }
            kept.lines.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
            kept.changed.notify_all();
        });
        Service { child, log, reader: Some(reader), secrets }
    }

    /// Wait for a log line that holds this text.
    #[track_caller]
    pub fn logs(&self, text: &str) -> String {
        let end = Instant::now() + LONGEST;
        let mut lines = self.log.lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(line) = lines.0.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !lines.1, "no line with {text:?} in {:#?}", lines.0);
            (lines, _) = self.log.changed.wait_timeout(lines, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().cast_signed()).expect("a process id");
        kill_process(id, signal).expect("the process is there");
    }

    /// Wait for its end: the exit code and everything it wrote. Nothing of that may be a secret.
    pub fn end(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().expect("it ends").code();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("its log ends");
        }
        let lines = self.log.lines.lock().unwrap_or_else(PoisonError::into_inner).0.join("\n");
        for secret in &self.secrets {
            assert!(!lines.contains(secret), "a secret was told: {lines}");
        }
        (code, lines)
    }

    /// Tell it to stop, and see that it does so in good order.
    #[track_caller]
    pub fn stop(self) -> String {
        self.signal(Signal::TERM);
        let (code, lines) = self.end();
        assert_eq!(code, Some(0), "{lines}");
        lines
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // A test that failed leaves no process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The calls that were answered as asked, without polls that brought nothing, as words.
pub fn story(seen: &[Seen]) -> Vec<&'static str> {
    let words =
        seen.iter().filter(|seen| seen.answered == Answered::Well).filter_map(|seen| match &seen.event {
            Event::Token { .. } => Some("token"),
            Event::Hello(hello) if hello.task_id.is_empty() => Some("hello"),
            Event::Hello(_) => Some("hello again"),
            Event::GetTask { task: Some(_), .. } => Some("task"),
            Event::GetTask { task: None, .. } => None,
            Event::Heartbeat(_) => Some("heartbeat"),
            Event::Upload(_) => Some("upload"),
            Event::Finish(_) => Some("finish"),
        });
    let mut story: Vec<_> = words.collect();
    story.dedup();
    story
}

/// A `.c1z`, opened as SQLite.
pub struct File {
    sql: Connection,
    _file: tempfile::NamedTempFile,
}

impl File {
    pub fn open(bytes: &[u8]) -> File {
        let payload = bytes.strip_prefix(b"C1ZF\0").expect("the magic number");
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), zstd::decode_all(payload).expect("zstd")).expect("unpacked");
        File { sql: Connection::open(file.path()).expect("a database"), _file: file }
    }

    /// The ids in a table, sorted.
    pub fn ids(&self, table: &str) -> Vec<String> {
        let mut select =
            self.sql.prepare(&format!("select external_id from {table} order by 1")).expect("a query");
        let rows = select.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("ids")
    }

    /// The type of its only sync, which is finished.
    pub fn sync_type(&self) -> String {
        let select = "select sync_type from v1_sync_runs where ended_at is not null";
        self.sql.query_row(select, [], |row| row.get(0)).expect("a finished sync")
    }
}
