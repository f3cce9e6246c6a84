//! What is measured: this workspace's program, another build of it, the floor, or any command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::api::Api;
use crate::outcome::Result;

/// The folder of the workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A program, and the folder that it takes for its user's: compiled code is kept there between runs.
pub struct Subject {
    /// What it is called in the table.
    pub name: &'static str,
    line: Line,
    home: tempfile::TempDir,
}

enum Line {
    /// A `baton-planetscale`, with further arguments.
    Program(PathBuf, Vec<String>),
    /// This program, as the floor.
    Floor(PathBuf),
    /// A shell's line with placeholders.
    Shell(String),
}

impl Subject {
    /// A `baton-planetscale`; built now if none is given.
    pub fn ours(program: Option<PathBuf>, further: Vec<String>) -> Result<Subject> {
        Ok(Subject { name: "ours", line: Line::Program(path(program)?, further), home: tempfile::tempdir()? })
    }

    /// The least that a native program has to do.
    pub fn floor() -> Result<Subject> {
        Ok(Subject {
            name: "the floor",
            line: Line::Floor(std::env::current_exe()?),
            home: tempfile::tempdir()?,
        })
    }

    /// A command line in which `{url}`, `{token}`, `{file}`, `{workers}` and `{ca}` stand for what it needs.
    pub fn other(line: &str) -> Result<Subject> {
        Ok(Subject { name: "the other", line: Line::Shell(line.to_owned()), home: tempfile::tempdir()? })
    }

    /// Whether it is somebody else's.
    pub fn is_foreign(&self) -> bool {
        matches!(self.line, Line::Shell(_))
    }

    /// The command for one run.
    pub fn command(&self, api: &Api, file: &Path, workers: u32) -> Vec<String> {
        let file = file.display().to_string();
        let workers = workers.to_string();
        match &self.line {
            Line::Program(program, further) => {
                let own = [program.display().to_string(), "--file".into(), file];
                let workers = ["--workers".to_owned(), workers];
                own.into_iter().chain(workers).chain(further.iter().cloned()).collect()
            }
            Line::Floor(program) => {
                let program = program.display().to_string();
                vec![program, "floor".into(), "--file".into(), file, "--workers".into(), workers]
            }
            Line::Shell(line) => {
                let ca = api.ca.as_ref().map(|ca| ca.display().to_string()).unwrap_or_default();
                let line = line
                    .replace("{url}", api.server.url())
                    .replace("{token}", api.server.service_token())
                    .replace("{file}", &file)
                    .replace("{workers}", &workers)
                    .replace("{ca}", &ca);
                vec!["sh".into(), "-c".into(), format!("exec {line}")]
            }
        }
    }

    /// Its whole environment.
    pub fn variables(&self, api: &Api, home: Option<&Path>) -> Vec<(String, String)> {
        let mut variables = vec![
            ("HOME", home.unwrap_or(self.home.path()).display().to_string()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("BATON_PLANETSCALE_API_URL", api.server.url().to_owned()),
            ("BATON_PLANETSCALE_SERVICE_TOKEN", api.server.service_token().to_owned()),
        ];
        variables.extend(api.ca.as_ref().map(|ca| ("SSL_CERT_FILE", ca.display().to_string())));
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Where a program is; without one, this workspace's, built now: what is deployed, or without optimisation if this
/// program is.
pub fn path(program: Option<PathBuf>) -> Result<PathBuf> {
    match program {
        Some(program) => {
            Ok(program.canonicalize().map_err(|error| format!("{}: {error}", program.display()))?)
        }
        None => build(),
    }
}

/// Builds the program, and asks where it is. With optimisation that is the one to deploy.
fn build() -> Result<PathBuf> {
    if !cfg!(debug_assertions) {
        let output = Command::new(".ci/static").current_dir(ROOT).stderr(Stdio::inherit()).output()?;
        let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        return if output.status.success() {
            Ok(path.into())
        } else {
            Err(".ci/static built no program".into())
        };
    }
    let mut cargo = Command::new("cargo");
    cargo.current_dir(ROOT).args(["build", "--locked", "-p", "baton-host", "--bin", "baton-planetscale"]);
    cargo.arg("--message-format=json-render-diagnostics");
    let output = cargo.stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let mut programs = messages.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    });
    let program = programs.next_back().filter(|_| output.status.success());
    Ok(program.ok_or("cargo built no program")?)
}
