//! A sync under the vendor's limit on requests: how often it was refused, and how long it took beyond the time that
//! the limit alone makes of it.

use std::collections::BTreeMap;

use baton_planetscale_demo::RateLimit;

use crate::api::{Api, Manner, limited};
use crate::outcome::Result;
use crate::run::{Cache, run};
use crate::subject::Subject;

/// More refusals than this in a window are too many.
const REFUSALS: u64 = 1;

/// More time than this over the least is too much, in percent.
const PERCENT: f64 = 5.0;

/// Run it once.
pub fn limit(subject: &Subject, requests: u64, limit: RateLimit, workers: u32, manner: Manner) -> Result {
    let api = Api::start(limited(requests, limit), manner)?;
    let window = limit.window_ms as f64 / 1e3;
    println!(
        "{} requests, {workers} workers, {} answered in a window of {window} s; advice: {:?}; limits told: {}",
        api.bound, limit.requests, limit.form, limit.told
    );
    // Compiled code apart, a program that never ran would need longer to start.
    let first = Api::start(baton_planetscale_demo::Scenario::sized(1, 1, 0, 0), manner)?;
    run(subject, &first, workers, Cache::Warm)?;
    let found = run(subject, &api, workers, Cache::Warm)?;
    let seen = api.server.requests();
    let began = seen.first().map_or(0, |first| first.at_ms);
    let mut refused: BTreeMap<u64, u64> = BTreeMap::new();
    for request in seen.iter().filter(|request| request.status == Some(429)) {
        *refused.entry((request.at_ms - began) / limit.window_ms.max(1)).or_default() += 1;
    }
    let counters = found.heard.counters;
    let answered = counters.requests - counters.too_many;
    let least = answered as f64 / f64::from(limit.requests.max(1)) * window;
    let over = 100.0 * (found.cost.wall / least - 1.0);
    let most = refused.values().copied().max().unwrap_or(0);
    let verdict = |met: bool| if met { "met" } else { "missed" };
    println!("answered: {answered}; fewest possible: {}", api.bound);
    println!("refused with 429: {}, by window: {refused:?}", counters.too_many);
    println!("most refusals in a window: {most}; goal ≤ {REFUSALS}: {}", verdict(most <= REFUSALS));
    println!(
        "time: {:.1} s, {over:+.1} % over the {least:.1} s of the limit; goal ≤ {PERCENT} %: {}",
        found.cost.wall,
        verdict(over <= PERCENT)
    );
    match found.contents.map(|found| found.rows) == Some(api.rows) {
        true => Ok(()),
        false => Err("records are missing".into()),
    }
}
