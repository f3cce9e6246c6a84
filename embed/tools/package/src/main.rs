//! Makes what registries of components take.
//!
//! | command | result |
//! |---|---|
//! | `baton-package wit FOLDER OUTPUT.wasm` | the WIT package in a folder, encoded as wasm |
//! | `baton-package layout FILE.wasm FOLDER` | an OCI layout of a component or an encoded package, tagged with its version |
//!
//! The same input gives the same bytes.

mod layout;
mod surface;
mod wit;

use std::path::Path;
use std::{env, fs};

use anyhow::{Context, bail};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["wit", folder, output] => {
            let bytes = wit::encode(Path::new(folder))?;
            fs::write(output, bytes).with_context(|| format!("cannot write {output}"))
        }
        ["layout", file, folder] => {
            let bytes = fs::read(file).with_context(|| format!("cannot read {file}"))?;
            layout::write(bytes, Path::new(folder)).with_context(|| format!("no layout of {file}"))
        }
        _ => bail!("usage: baton-package wit FOLDER OUTPUT.wasm | baton-package layout FILE.wasm FOLDER"),
    }
}
