//! Working for C1: from the program's values to a running service.
//!
//! Two values are of the environment only, as with the Go connectors: `BATON_HOST_ID`, what this process calls
//! itself, and `BATON_C1_API_HOST`, another place where C1 is.

use std::net::{IpAddr, SocketAddr};

use baton_host::{Config, Connector, Secret};
use baton_service::{Build, ClientId, ClientSecret, Setup, Timings};

use crate::failure::Failure;
use crate::logs::TASK_LOG;
use crate::settings::{Settings, Sources};
use crate::stop::Stop;

/// The longest name of a process that C1 takes.
const LONGEST_HOST_ID: usize = 256;

/// Whether the values ask for it.
pub fn is_wanted(sources: &Sources<'_>) -> bool {
    !sources.text("client-id").is_empty()
}

/// Whether values are there that only a service has a use for.
pub fn is_meant(sources: &Sources<'_>) -> bool {
    sources.on("health-check") || variable(sources, "BATON_HOST_ID").is_some()
}

/// Run until a signal comes. Being stopped is how a service ends well.
pub async fn run(
    connector: Connector,
    config: Config,
    sources: &Sources<'_>,
    settings: Settings,
    stop: &Stop,
) -> Result<(), Failure> {
    stop.be_patient();
    let setup = Setup {
        client: ClientId::parse(&sources.text("client-id"))?,
        secret: Some(ClientSecret::parse(&Secret::from(sources.text("client-secret")))?),
        api_host: variable(sources, "BATON_C1_API_HOST").map(str::to_owned),
        host_id: host_id(variable(sources, "BATON_HOST_ID"))?,
        connector,
        config,
        sync: settings.sync,
        temp_dir: settings.place.temp_dir,
        tasks: usize::try_from(sources.number("task-concurrency")?).unwrap_or(1),
        skip_full_sync: sources.on("skip-full-sync"),
        provisioning: sources.on("provisioning"),
        health: if sources.on("health-check") { Some(health(sources)?) } else { None },
        build: Build::default(),
        debug_log: Some(TASK_LOG.clone()),
        timings: Timings::default(),
    };
    let told_to_stop = async {
        stop.told().await;
    };
    Ok(baton_service::run(setup, told_to_stop).await?)
}

/// Where health checks are answered.
pub fn health(sources: &Sources<'_>) -> Result<SocketAddr, Failure> {
    let text = sources.text("health-check-bind-address");
    let address = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().map_err(|_| {
        let text = format!(
            "field health-check-bind-address: value must be an IP address, for example 127.0.0.1 or 0.0.0.0, but \
             got '{text}'"
        );
        Failure::field("health-check-bind-address", text)
    })?;
    let port = u16::try_from(sources.number("health-check-port")?).unwrap_or_default();
    Ok(SocketAddr::new(address, port))
}

fn variable<'a>(sources: &Sources<'a>, name: &str) -> Option<&'a str> {
    sources.environment.get(name).map(String::as_str).filter(|text| !text.is_empty())
}

fn host_id(given: Option<&str>) -> Result<String, Failure> {
    match given {
        Some(id) if id.len() > LONGEST_HOST_ID => {
            let text =
                format!("BATON_HOST_ID is {} bytes long, C1 takes at most {LONGEST_HOST_ID}", id.len());
            Err(Failure::field("host-id", text))
        }
        Some(id) => Ok(id.to_owned()),
        None => Ok(baton_service::host_name()
            .filter(|name| name.len() <= LONGEST_HOST_ID)
            .unwrap_or_else(|| "baton-sdk".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_id_is_what_was_given_or_the_name_of_the_machine() {
        assert_eq!(host_id(Some("replica-1")).ok().as_deref(), Some("replica-1"));
        assert!(host_id(None).is_ok_and(|id| !id.is_empty()));
        let failure = host_id(Some(&"x".repeat(257))).err().map(|failure| failure.to_string());
        assert!(failure.is_some_and(|text| text.contains("BATON_HOST_ID")));
    }
}
