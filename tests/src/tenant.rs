//! A sync in a process of its own: for what a process has only one of, such as its environment.

use std::path::Path;
use std::process::Stdio;

use serde::{Deserialize, Serialize};

use crate::{Records, options, sync_with};

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

/// Sync an address in a new process that has these variables, and no others that name a proxy or certificates.
///
/// # Errors
/// The process does not start, or ends without a report.
pub async fn sync_apart(
    program: &Path,
    url: &str,
    token: &str,
    variables: &[(&str, &str)],
) -> Result<Report, Box<dyn std::error::Error>> {
    let mut command = tokio::process::Command::new(program);
    command.args([url, token]).stdin(Stdio::null()).stderr(Stdio::inherit());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.envs(variables.iter().copied()).output().await?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The work of that process.
pub async fn work(url: &str, token: &str) -> Report {
    let (result, found) = sync_with(token, url, options(2)).await;
    let (code, message) = match result {
        Ok(_) => (0, String::new()),
        Err(error) => (error.code(), error.to_string()),
    };
    Report { code, message, records: Records::of(&found) }
}
