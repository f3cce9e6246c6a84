//! A guarded sync into a file of JSON lines, by our host as a library.

use std::path::Path;

use baton_c1z::JsonLines;
use baton_host::{Config, Engine, EngineOptions, Secret, SyncOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let component = arguments.next().ok_or("which component?")?;
    let file = arguments.next().ok_or("into which file?")?;
    let connector = Engine::new(EngineOptions::default())?.load(&std::fs::read(component)?)?;
    let schema = connector.config_schema().await?;
    // The variables that our program reads too: the fields' names in upper case.
    let values = schema.iter().filter_map(|field| {
        let variable = format!("BATON_{}", field.name.to_uppercase().replace('-', "_"));
        Some((field.name.clone(), Secret::from(std::env::var(variable).ok()?)))
    });
    let config = Config::new(&schema, values)?;
    let mut lines = JsonLines::create(Path::new(&file))?;
    let summary = connector.sync(config, &mut lines, SyncOptions::default()).await?;
    eprintln!("{} requests", summary.requests);
    Ok(())
}
