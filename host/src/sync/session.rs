//! One call after another, outside of a sync: for whoever tries a connector.
//!
//! Nothing is asked again, no record is checked, and the answer is the connector's own. Secrets are taken out of errors as
//! ever; whether one was in them, or is in an answer, is told.

use std::fmt::Debug;
use std::sync::Arc;

use super::options::SyncOptions;
use crate::component::engine::Connector;
use crate::component::instance::{Answer, Ask, Instance, Source};
use crate::model::config::Config;
use crate::model::contract::{
    self, EntitlementPage, GrantPage, Resource, ResourcePage, ResourceType, Validation,
};
use crate::model::error::Error;

/// What a call gave: the answer, the connector's own error, or why there is neither.
pub type Asked<T> = Result<Result<T, contract::Error>, Error>;

/// Instances of one connector with one config, which share their way out.
pub struct Session {
    source: Source,
}

/// One instance.
pub struct Caller {
    instance: Instance,
    config: Option<Arc<Config>>,
}

impl Connector {
    /// Begin to call it with a config. Of the options those count that say what it may use up and send.
    ///
    /// # Errors
    /// The options allow what the connector does not declare, or there is no way to the network.
    pub async fn session(&self, config: Config, options: &SyncOptions) -> Result<Session, Error> {
        let (source, ..) = self.source(config, 1, options).await?;
        Ok(Session { source })
    }
}

impl Session {
    /// A fresh instance.
    pub fn caller(&self) -> Caller {
        Caller { instance: Instance::new(self.source.clone()), config: self.source.config.clone() }
    }
}

impl Caller {
    /// Whether config and access are good.
    pub async fn validate(&mut self) -> Asked<Validation> {
        self.ask("validate", Ask::Validate, |answer| match answer {
            Answer::Validation(answer) => Some(answer),
            _ => None,
        })
        .await
    }

    /// The kinds of resources.
    pub async fn resource_types(&mut self) -> Asked<Vec<ResourceType>> {
        self.ask("list-resource-types", Ask::ResourceTypes, |answer| match answer {
            Answer::ResourceTypes(answer) => Some(answer),
            _ => None,
        })
        .await
    }

    /// A page of the resources of a type.
    pub async fn resources(
        &mut self,
        resource_type: &str,
        parent: Option<&Resource>,
        token: Option<&str>,
    ) -> Asked<ResourcePage> {
        self.ask("list-resources", Ask::Resources(resource_type, parent, token), |answer| match answer {
            Answer::Resources(answer) => Some(answer),
            _ => None,
        })
        .await
    }

    /// A page of what a resource offers.
    pub async fn entitlements(&mut self, of: &Resource, token: Option<&str>) -> Asked<EntitlementPage> {
        self.ask("list-entitlements", Ask::Entitlements(of, token), |answer| match answer {
            Answer::Entitlements(answer) => Some(answer),
            _ => None,
        })
        .await
    }

    /// A page of who holds it.
    pub async fn grants(&mut self, of: &Resource, token: Option<&str>) -> Asked<GrantPage> {
        self.ask("list-grants", Ask::Grants(of, token), |answer| match answer {
            Answer::Grants(answer) => Some(answer),
            _ => None,
        })
        .await
    }

    /// The memory that the instance had after its last call, in bytes.
    pub fn memory(&self) -> usize {
        self.instance.grown
    }

    /// Whether the connector put a secret into an answer or an error since this was asked last.
    pub fn revealed(&mut self) -> bool {
        std::mem::take(&mut self.instance.revealed)
    }

    async fn ask<T: Debug>(
        &mut self,
        place: &str,
        ask: Ask<'_>,
        of: impl FnOnce(Answer) -> Option<T>,
    ) -> Asked<T> {
        let answer = match self.instance.ask(place, ask).await? {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let wrong = || Error::Contract {
            place: place.to_owned(),
            rule: "the answer is to another question".to_owned(),
        };
        let answer = of(answer).ok_or_else(wrong)?;
        let told = format!("{answer:?}");
        self.instance.revealed |= self.config.as_ref().is_some_and(|config| config.reveals(told.as_bytes()));
        Ok(Ok(answer))
    }
}
