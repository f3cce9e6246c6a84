//! Writes the component, as it is released, into a file, for runtimes other than our host:
//!
//! ```text
//! $ cargo run -p baton-planetscale-component --example planetscale-wasm -- planetscale.wasm
//! ```

use std::error::Error;
use std::{env, fs};

use baton_planetscale_component::PLANETSCALE;

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args_os().nth(1).ok_or("into which file?")?;
    Ok(fs::write(file, PLANETSCALE)?)
}
