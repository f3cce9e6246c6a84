//! Runs the program in a folder of its own, with an environment that holds what the test says and nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;

use baton_planetscale_support::acme::{Acme, CLIENT, SECRET};
use serde_json::Value;

/// A folder to work in.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// A file with this content.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// The program.
    pub fn kit(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baton-kit"));
        command.env_clear().current_dir(self.folder()).args(args);
        // Compiled code of components that differ in a few bytes is of no use to anybody.
        command.env("XDG_CACHE_HOME", self.folder().join("cache"));
        command
    }
}

/// An Acme, and the runtime that it is served on.
pub struct Vendor {
    pub acme: Acme,
    _runtime: tokio::runtime::Runtime,
}

impl Vendor {
    pub fn new() -> Vendor {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let acme = runtime.block_on(Acme::start()).expect("Acme");
        Vendor { acme, _runtime: runtime }
    }

    /// A command with all that a connector for it needs.
    pub fn for_it(&self, mut command: Command) -> Command {
        let url = self.acme.url();
        command.env("BATON_ACME_URL", &url).env("BATON_ACME_CLIENT_ID", CLIENT);
        command.env("BATON_ACME_CLIENT_SECRET", SECRET);
        command.args(["--allow-write", &format!("POST {url}/oauth/token")]);
        command
    }
}

/// What a run ended with.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Run {
        let output = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let run = Run {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        for told in [&run.stdout, &run.stderr] {
            assert!(
                !told.contains(SECRET) && !told.contains("acme-access-token"),
                "a secret is told: {told}"
            );
        }
        run
    }

    pub fn ends_with(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// What `check --format json` printed: rule, outcome, note.
    pub fn rules(&self) -> Vec<(String, String, String)> {
        let told: Vec<Value> =
            serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {}", self.stdout));
        let text = |line: &Value, name: &str| line[name].as_str().expect("a text").to_owned();
        told.iter().map(|line| (text(line, "rule"), text(line, "outcome"), text(line, "note"))).collect()
    }

    /// The rules with this outcome.
    pub fn with(&self, outcome: &str) -> Vec<String> {
        self.rules().into_iter().filter(|(_, found, _)| found == outcome).map(|(rule, ..)| rule).collect()
    }
}
