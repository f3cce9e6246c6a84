//! One worker of a sync: asks one page after another on its own instance, and asks again where the contract
//! says that asking again helps.
//!
//! A vendor that says how long it wants to be left alone stops every worker of the sync for that time (`pace.rs`). Another
//! passing failure is tried again after a growing, capped time with jitter, so that workers do not come back at once.
//! Both have an end, and each attempt is logged.

use std::sync::Arc;
use std::time::Duration;

use tracing::{info, warn};

use super::options::{Event, Observer, Retry};
use crate::component::instance::{Answer, Ask, Instance};
use crate::model::config::shown;
use crate::model::contract::{self, Error as C, Warning};
use crate::model::error::Error;
use crate::model::records::{List, Page, Records};
use crate::network::egress::Egress;

/// A worker.
pub(crate) struct Worker {
    pub instance: Instance,
    pub egress: Arc<Egress>,
    pub retry: Arc<Retry>,
    pub observer: Option<Observer>,
}

impl Worker {
    /// Ask for one page of a list.
    pub async fn page(&mut self, place: &str, list: &List, token: Option<&str>) -> Result<Page, Error> {
        let answer = self
            .ask(place, || match list {
                List::ResourceTypes => Ask::ResourceTypes,
                List::Resources { resource_type, parent } => {
                    Ask::Resources(resource_type, parent.as_ref(), token)
                }
                List::Entitlements(resource) => Ask::Entitlements(resource, token),
                List::Grants(resource) => Ask::Grants(resource, token),
            })
            .await?;
        Ok(match answer {
            Answer::ResourceTypes(items) => {
                let records = Records::ResourceTypes(items);
                Page { records, next: Vec::new(), total: None, warnings: Vec::new() }
            }
            Answer::Resources(page) => {
                self.heed(page.rate_limit);
                let records = Records::Resources(page.items);
                Page { records, next: page.next, total: page.total, warnings: page.warnings }
            }
            Answer::Entitlements(page) => {
                self.heed(page.rate_limit);
                let records = Records::Entitlements(page.items);
                Page { records, next: page.next, total: page.total, warnings: page.warnings }
            }
            Answer::Grants(page) => {
                self.heed(page.rate_limit);
                let records = Records::Grants(page.items);
                Page { records, next: page.next, total: page.total, warnings: page.warnings }
            }
            Answer::Metadata(_) | Answer::ConfigSchema(_) | Answer::Validation(_) => {
                return Err(wrong_answer(place));
            }
        })
    }

    /// Is the config good and the access there, and as whom is it read?
    pub async fn validate(&mut self) -> Result<(Option<String>, Vec<Warning>), Error> {
        let place = "validate failed";
        match self.ask(place, || Ask::Validate).await? {
            Answer::Validation(validation) => {
                self.heed(validation.rate_limit);
                if let Some(identity) = &validation.identity {
                    let identity = shown(identity, Some(&self.egress.config), 1_024);
                    info!(identity, "The credentials are good");
                }
                Ok((validation.identity, validation.warnings))
            }
            _ => Err(wrong_answer(place)),
        }
    }

    /// A vendor that says how much is left is believed before it has to refuse.
    fn heed(&self, limit: Option<contract::RateLimit>) {
        if let Some(limit) = limit {
            self.egress.pace.heed(&limit, self.retry.wait_longest);
        }
    }

    async fn ask<'a>(&mut self, place: &str, ask: impl Fn() -> Ask<'a>) -> Result<Answer, Error> {
        let (mut failures, mut waits) = (0_u32, 0_u32);
        loop {
            let error = match self.instance.ask(place, ask()).await? {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let retry = self.retry.clone();
            match &error {
                C::Wait(wait) if waits < retry.waits => {
                    let time = match wait.after {
                        Some(seconds) => Duration::from_secs(u64::from(seconds)),
                        None => doubled(retry.wait_unknown, waits, Duration::from_secs(60)),
                    };
                    if time > retry.wait_longest {
                        return Err(failed(place, error));
                    }
                    waits += 1;
                    let seconds = time.as_secs();
                    let reason = &wait.failure.message;
                    warn!(seconds, place, error = %reason, "waiting as the API asks");
                    self.tell_wait(time, reason);
                    self.egress.pace.pause(time, reason);
                }
                C::Again(passing) if failures + 1 < retry.attempts => {
                    let longest = doubled(retry.first, failures, retry.longest);
                    // Between a half and the whole of it, and never less than the vendor says.
                    let time = longest.mul_f64(0.5 + fastrand::f64() / 2.0);
                    let told = passing.after.map(|seconds| Duration::from_secs(u64::from(seconds)));
                    if told > Some(retry.wait_longest) {
                        return Err(failed(place, error));
                    }
                    let time = time.max(told.unwrap_or_default());
                    failures += 1;
                    warn!(attempt = failures, place, error = %passing.failure.message, "trying again");
                    self.tell_wait(time, &passing.failure.message);
                    self.egress.pace.tell(time, &passing.failure.message);
                    self.egress.pace.add_waited(time);
                    tokio::time::sleep(time).await;
                }
                _ => return Err(failed(place, error)),
            }
        }
    }

    /// Short waits, too: what is told of is one call. The pace tells of long ones, which concern everybody.
    fn tell_wait(&self, time: Duration, reason: &str) {
        if let Some(observer) = &self.observer {
            observer(&Event::waiting(time, reason));
        }
    }
}

fn doubled(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(longest)
}

fn failed(place: &str, error: contract::Error) -> Error {
    Error::Connector { place: place.to_owned(), error }
}

fn wrong_answer(place: &str) -> Error {
    Error::Contract { place: place.to_owned(), rule: "the answer is to another question".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses =
            (0..7).map(|times| doubled(Duration::from_secs(1), times, Duration::from_secs(30)).as_secs());
        assert_eq!(pauses.collect::<Vec<_>>(), [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(doubled(Duration::from_secs(1), u32::MAX, Duration::from_secs(30)).as_secs(), 30);
    }
}
