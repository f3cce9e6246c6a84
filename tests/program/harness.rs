//! Runs the program in a folder of its own, with an environment that holds what the test says and nothing else.
//!
//! Every run logs at debug level, and whatever it wrote is searched for the token: what it printed when it ends, and
//! every file of its folder when the test does.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use baton_planetscale_demo::{CREDENTIAL_MARK, Scenario, Server};
use rusqlite::Connection;
use serde_json::Value;

/// A user's place: a folder to work in, and an API to talk to.
pub struct Place {
    pub server: Server,
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new(scenario: Scenario) -> Place {
        let server = Server::start(scenario).expect("a server");
        Place { server, folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// The program with the two values that it needs.
    pub fn program(&self) -> Command {
        let mut command = bare(self.folder());
        command
            .env("BATON_PLANETSCALE_SERVICE_TOKEN", self.server.service_token())
            .env("BATON_PLANETSCALE_API_URL", self.server.url());
        command
    }

    /// A run with these arguments.
    pub fn run(&self, args: &[&str]) -> Run {
        Run::of(self.program().args(args))
    }

    /// The names in the folder, hidden ones too, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).expect("the folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// What is in a `.c1z`, opened as SQLite.
    pub fn open(&self, name: &str) -> Database {
        Database::open(&self.path(name), self.folder())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // But the config file, which the test wrote.
        for (name, bytes) in
            files(self.folder()).into_iter().filter(|(name, _)| !name.ends_with(".baton.yaml"))
        {
            for secret in secrets() {
                let holds = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!holds, "{name} holds {secret}");
            }
        }
        let elsewhere = self.server.requests().into_iter().find(|seen| seen.token_elsewhere);
        assert_eq!(elsewhere, None, "a request holds the token beside its header");
    }
}

/// What must be in nothing that is written: the secret half of the token, and what the API tells of credentials.
pub fn secrets() -> [String; 2] {
    let token = baton_planetscale_demo::Options::default().service_token;
    let (_, half) = token.split_once(':').expect("two halves");
    [half.to_owned(), CREDENTIAL_MARK.to_owned()]
}

/// Every file below a folder, with what is compressed in it behind it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => {
                let mut bytes = std::fs::read(&path).expect("a file");
                bytes.extend(unpacked(&bytes));
                found.push((path.display().to_string(), bytes));
            }
        }
    }
    found
}

/// What lies in the compressed parts of a file, each of which begins with the same four bytes.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let starts = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"\x28\xb5\x2f\xfd");
    let mut all = Vec::new();
    for (at, _) in starts {
        let mut decoder = zstd::Decoder::with_buffer(&bytes[at..]).expect("a decoder").single_frame();
        // Four such bytes may be something else.
        let _ = decoder.read_to_end(&mut all);
    }
    all
}

/// The program that is tested: the one of this build, or another that the environment names, such as what is deployed.
pub fn tested() -> std::ffi::OsString {
    std::env::var_os("BATON_PLANETSCALE_TESTED")
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_baton-planetscale").into())
}

/// The program in a folder, with an empty environment. Compiled code is kept between tests.
pub fn bare(folder: &Path) -> Command {
    let mut command = Command::new(tested());
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("BATON_LOG_LEVEL", "debug")
        .stdin(Stdio::null());
    command
}

/// What a run of the program left.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Run {
        Run::ended(command.output().expect("the program starts"))
    }

    pub fn ended(output: Output) -> Run {
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("UTF-8");
            for secret in secrets() {
                assert!(!text.contains(&secret), "{secret} was printed: {text}");
            }
            text
        };
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Fails the test unless the run ended with this code.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The sentence of a failure: what is on stderr and no log line, or the log line that tells the exit code.
    pub fn sentence(&self) -> String {
        let mut lines: Vec<String> =
            self.stderr.lines().filter(|line| !line.starts_with('{')).map(str::to_owned).collect();
        lines.extend(self.last_line().and_then(|line| Some(line["msg"].as_str()?.to_owned())));
        lines.join("\n")
    }

    /// The log line with which a run without a result ends, the last one and the only one of its kind.
    pub fn last_line(&self) -> Option<Value> {
        let log = self.all_lines();
        let ends = |line: &Value| line.get("exit_code").is_some();
        assert!(log.iter().rev().skip(1).all(|line| !ends(line)), "{}", self.stderr);
        log.into_iter().next_back().filter(ends)
    }

    /// The log lines, without that one.
    pub fn log(&self) -> Vec<Value> {
        self.all_lines().into_iter().filter(|line| line.get("exit_code").is_none()).collect()
    }

    fn all_lines(&self) -> Vec<Value> {
        let lines = self.stderr.lines().filter(|line| line.starts_with('{'));
        lines.map(|line| serde_json::from_str(line).expect("a log line is JSON")).collect()
    }

    /// The one log line with this message.
    #[track_caller]
    pub fn logged(&self, message: &str) -> Value {
        let found = self.log().into_iter().find(|line| line["msg"] == message);
        found.unwrap_or_else(|| panic!("no line {message:?} in {}", self.stderr))
    }
}

/// The database in a `.c1z`.
pub struct Database {
    pub sql: Connection,
    file: tempfile::NamedTempFile,
}

impl Database {
    pub fn open(path: &Path, folder: &Path) -> Database {
        let packed = std::fs::read(path).expect("the file");
        let payload = packed.strip_prefix(b"C1ZF\0").expect("the magic number");
        let file = tempfile::NamedTempFile::new_in(folder.parent().expect("a parent")).expect("a file");
        std::fs::write(file.path(), zstd::decode_all(payload).expect("zstd")).expect("unpacked");
        let sql = Connection::open(file.path()).expect("a database");
        Database { sql, file }
    }

    /// The file with something changed in it.
    pub fn changed(&self, statement: &str) -> Vec<u8> {
        self.sql.execute_batch(statement).expect("a change");
        let database = std::fs::read(self.file.path()).expect("the database");
        [b"C1ZF\0".to_vec(), zstd::encode_all(database.as_slice(), 1).expect("zstd")].concat()
    }

    pub fn count(&self, of: &str) -> i64 {
        self.sql.query_row(&format!("select count(*) from {of}"), [], |row| row.get(0)).expect("a count")
    }

    /// Every record of the newest sync, as text without what differs from run to run, in the order of ids.
    pub fn records(&self) -> Vec<String> {
        let newest = "(select sync_id from v1_sync_runs order by id desc limit 1)";
        let mut all = Vec::new();
        for table in ["v1_resource_types", "v1_resources", "v1_entitlements", "v1_grants"] {
            let select = format!("select * from {table} where sync_id = {newest} order by external_id");
            let mut select = self.sql.prepare(&select).expect("a query");
            let names: Vec<String> = select.column_names().map(str::to_owned).collect();
            let mut rows = select.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                let columns = names
                    .iter()
                    .enumerate()
                    .filter(|(_, name)| !matches!(name.as_str(), "id" | "sync_id" | "discovered_at"));
                let columns: Vec<String> = columns
                    .map(|(at, name)| format!("{name}={:?}", row.get_ref(at).expect("a value")))
                    .collect();
                all.push(format!("{table} {}", columns.join(" ")));
            }
        }
        all
    }
}
