//! A sync in a process of its own: for what a process has only one of, such as its environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::harness::{options, sync_with};
use crate::records::Records;

type AnyError = Box<dyn std::error::Error>;

/// Where the process finds what it is to do.
const URL: &str = "TENANT_URL";
const TOKEN: &str = "TENANT_TOKEN";
const REPORT: &str = "TENANT_REPORT";

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// The error's exit code; 0 without one.
    pub code: i32,
    /// The error.
    pub message: String,
    /// The records.
    pub records: Records,
}

/// Sync an address in a new process that has these variables, and no others that name a proxy or certificates. The
/// command starts a test that does its [`Errand`].
///
/// # Errors
/// The process does not start, or ends without a report.
pub async fn sync_apart(
    command: Command,
    url: &str,
    token: &str,
    variables: &[(&str, &str)],
) -> Result<Report, AnyError> {
    let folder = tempfile::tempdir()?;
    let report = folder.path().join("report.json");
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::null()).env(URL, url).env(TOKEN, token).env(REPORT, &report);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.envs(variables.iter().copied()).output().await?;
    let told = std::fs::read(report).map_err(|_| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!("no report: {}{}", text(&output.stdout), text(&output.stderr))
    })?;
    Ok(serde_json::from_slice(&told)?)
}

/// What a process was started for.
pub struct Errand {
    url: String,
    token: String,
    report: PathBuf,
}

impl Errand {
    /// That of this process, if [`sync_apart`] started it.
    pub fn of_this_process() -> Option<Errand> {
        let variable = |name: &str| std::env::var(name).ok();
        Some(Errand { url: variable(URL)?, token: variable(TOKEN)?, report: variable(REPORT)?.into() })
    }

    /// Sync, and report.
    ///
    /// # Errors
    /// The report cannot be written.
    pub async fn run(&self) -> Result<(), AnyError> {
        let (result, found) = sync_with(&self.token, &self.url, options(2)).await;
        let (code, message) = match result {
            Ok(_) => (0, String::new()),
            Err(error) => (error.code(), error.to_string()),
        };
        write(&self.report, &Report { code, message, records: Records::of(&found) })
    }
}

fn write(path: &Path, report: &Report) -> Result<(), AnyError> {
    Ok(std::fs::write(path, serde_json::to_vec(report)?)?)
}
