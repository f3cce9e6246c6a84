//! The component that a command is about, with its config.

use std::path::{Path, PathBuf};

use baton_host::contract::ConfigField;
use baton_host::{Allow, Config, Connector, Engine, EngineOptions, Origin, Secret, Write};

use crate::failure::Failure;

/// What was typed of it.
pub struct Typed {
    /// The file.
    pub component: PathBuf,
    /// Values of its config.
    pub values: Vec<(String, String)>,
    /// Requests that may leave.
    pub writes: Vec<String>,
    /// Origins that may be read from.
    pub origins: Vec<String>,
}

/// The bytes of a file.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(Failure::io(format!("cannot read the component {}", file.display())))
}

/// A component from its bytes.
pub fn load(bytes: &[u8]) -> Result<Connector, Failure> {
    Ok(Engine::new(EngineOptions::default())?.load(bytes)?)
}

impl Typed {
    /// The values for a component's fields: what was typed counts before a variable.
    pub fn values(&self, schema: &[ConfigField]) -> Result<Vec<(String, Secret)>, Failure> {
        if let Some((name, _)) =
            self.values.iter().find(|(name, _)| schema.iter().all(|field| field.name != *name))
        {
            let known: Vec<&str> = schema.iter().map(|field| field.name.as_str()).collect();
            return Err(Failure::usage(format!(
                "the connector has no field {name}; it has {}",
                known.join(", ")
            )));
        }
        let typed = |name: &str| {
            self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let variable = |name: &str| std::env::var(variable(name)).ok();
        let value = |field: &ConfigField| {
            let value = typed(&field.name).or_else(|| variable(&field.name))?;
            Some((field.name.clone(), Secret::from(value)))
        };
        Ok(schema.iter().filter_map(value).collect())
    }

    /// The config, when all that is required has a value; else what has none.
    pub fn config(&self, schema: &[ConfigField]) -> Result<Result<Config, Vec<String>>, Failure> {
        let values = self.values(schema)?;
        let has = |field: &&ConfigField| {
            values.iter().any(|(name, value)| *name == field.name && !value.reveal().is_empty())
        };
        let missing: Vec<String> = schema
            .iter()
            .filter(|field| field.required && !has(field))
            .map(|field| field.name.clone())
            .collect();
        if !missing.is_empty() {
            return Ok(Err(missing));
        }
        Ok(Ok(Config::new(schema, values)?))
    }

    /// The config, which has to be there.
    pub fn whole_config(&self, schema: &[ConfigField]) -> Result<Config, Failure> {
        self.config(schema)?.map_err(|missing| {
            let flags: Vec<String> =
                missing.iter().map(|name| format!("--set {name}=… or {}", variable(name))).collect();
            Failure::usage(format!("the config is not complete; give {}", flags.join(", ")))
        })
    }

    /// What it may send beyond reading.
    pub fn allow(&self) -> Result<Allow, Failure> {
        let wrong = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
        let write = |text: &String| text.parse::<Write>().map_err(|error| wrong(&error));
        let origin = |text: &String| text.parse::<Origin>().map_err(|error| wrong(&error));
        Ok(Allow {
            writes: self.writes.iter().map(write).collect::<Result<_, _>>()?,
            origins: self.origins.iter().map(origin).collect::<Result<_, _>>()?,
        })
    }
}

/// The environment variable of a field.
pub fn variable(name: &str) -> String {
    format!("BATON_{}", name.to_uppercase().replace('-', "_"))
}
