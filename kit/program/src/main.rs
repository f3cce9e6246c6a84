//! `baton-kit`, the program for authors of connectors.
//!
//! In goes a component, of anybody's and in any language. `inspect` says what it is and wants, `call` asks it one thing,
//! `run` syncs it whole, and `check` says which rules of the contract it keeps. `new` begins one.
//!
//! `cli` reads what was typed, `subject` loads the component and its config; each command is a file.

mod begin;
mod call;
mod check;
mod cli;
mod failure;
mod inspect;
mod logs;
mod print;
mod subject;
mod sync;

use std::io::Write;
use std::process::ExitCode;

use cli::Asked;
use failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            // A closed stderr leaves the exit code.
            let _ = writeln!(std::io::stderr(), "{failure}");
            ExitCode::from(failure.code)
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    let asked = match cli::parse(std::env::args_os())? {
        Ok(asked) => asked,
        Err(text) => {
            print::text(&text)?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::usage(format!("cannot start the program's threads: {error}")))?;
    let done = runtime.block_on(async {
        match asked {
            Asked::New(new) => begin::project(&new).map(|()| ExitCode::SUCCESS),
            Asked::Inspect { file, json } => inspect::tell(&file, json).await,
            Asked::Call { subject, function, arguments } => call::one(subject, &function, &arguments).await,
            Asked::Run { subject, file, workers } => sync::whole(subject, file, workers).await,
            Asked::Check { subject, settings, json } => check::all(subject, &settings, json).await,
        }
    });
    // A name look-up that hangs must not keep the program from ending.
    runtime.shutdown_background();
    done
}
