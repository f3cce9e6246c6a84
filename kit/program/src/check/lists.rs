//! Every list again: on the same instance, on another one, and with tokens that are not its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_host::contract::{Error as C, Resource};
use baton_host::network::Between;
use baton_host::records::joined;
use baton_host::sink::Memory;
use baton_host::{Asked, Caller, Config, Connector, Error, Session, SyncOptions};
use serde::Serialize;

use super::patience::Measured;
use super::report::Report;

/// Lists whose tokens are tried, and lists that each is tried in.
const TOKENS: usize = 5;

/// What is tried, and how much of it.
pub struct Trial<'a> {
    pub connector: &'a Connector,
    pub config: &'a Config,
    pub options: &'a SyncOptions,
    /// Lists of each type.
    pub most: usize,
}

impl Trial<'_> {
    /// Instances that share nothing with others; nothing that the vendor said is kept.
    pub async fn session(&self, between: Option<Arc<dyn Between>>) -> Result<Session, String> {
        let options = SyncOptions { between, ..self.options.clone() };
        self.connector.session(self.config.clone(), &options).await.map_err(|error| error.to_string())
    }
}

/// A list.
#[derive(Clone, Debug)]
pub enum Which {
    Resources(String, Option<Resource>),
    Entitlements(Resource),
    Grants(Resource),
}

/// A page: its records as they are compared, and the tokens of those that follow.
pub struct Listed {
    records: Vec<String>,
    next: Vec<String>,
}

impl Which {
    /// What is asked for, for messages.
    pub fn place(&self) -> String {
        match self {
            Which::Resources(kind, None) => format!("list-resources {kind}"),
            Which::Resources(kind, Some(parent)) => {
                format!("list-resources {kind} of {}", joined(&parent.id))
            }
            Which::Entitlements(of) => format!("list-entitlements of {}", joined(&of.id)),
            Which::Grants(of) => format!("list-grants of {}", joined(&of.id)),
        }
    }

    /// Whether it is about a resource, which may be gone.
    pub fn is_about_a_resource(&self) -> bool {
        !matches!(self, Which::Resources(_, None))
    }

    /// Ask for one page of it.
    pub async fn page(&self, caller: &mut Caller, token: Option<&str>) -> Asked<Listed> {
        Ok(match self {
            Which::Resources(kind, parent) => caller
                .resources(kind, parent.as_ref(), token)
                .await?
                .map(|page| listed(&page.items, page.next)),
            Which::Entitlements(of) => {
                caller.entitlements(of, token).await?.map(|page| listed(&page.items, page.next))
            }
            Which::Grants(of) => caller.grants(of, token).await?.map(|page| listed(&page.items, page.next)),
        })
    }
}

fn listed(items: &[impl Serialize], next: Vec<String>) -> Listed {
    let records = items.iter().map(|item| serde_json::to_string(item).unwrap_or_default()).collect();
    Listed { records, next }
}

/// The lists of a sync, some of each type.
pub fn of(found: &Memory, most: usize) -> Vec<Which> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut lists = Vec::new();
    let mut add = |key: String, which: Which| {
        let count = counts.entry(key).or_default();
        *count += 1;
        if *count <= most {
            lists.push(which);
        }
    };
    for kind in &found.resource_types {
        add(format!("resources {}", kind.id), Which::Resources(kind.id.clone(), None));
    }
    for resource in &found.resources {
        for child in &resource.child_resource_types {
            add(format!("children {child}"), Which::Resources(child.clone(), Some(resource.clone())));
        }
        let kind = found.resource_types.iter().find(|kind| kind.id == resource.id.resource_type);
        let Some(kind) = kind else { continue };
        if kind.has_entitlements {
            add(format!("entitlements {}", kind.id), Which::Entitlements(resource.clone()));
        }
        if kind.has_grants {
            add(format!("grants {}", kind.id), Which::Grants(resource.clone()));
        }
    }
    lists
}

/// All records of a list, sorted, and the tokens that came up.
async fn whole(
    which: &Which,
    caller: &mut Caller,
    measured: &mut Measured,
) -> Result<(Vec<String>, Vec<String>), String> {
    let (mut records, mut tokens, mut left) = (Vec::new(), Vec::new(), vec![None]);
    while let Some(token) = left.pop() {
        let call = async |caller: &mut Caller| which.page(caller, token.as_deref()).await;
        let page = match measured.patiently(call, caller, &which.place()).await {
            Ok(Ok(page)) => page,
            Ok(Err(error)) => return Err(Error::Connector { place: which.place(), error }.to_string()),
            Err(error) => return Err(error.to_string()),
        };
        records.extend(page.records);
        left.extend(page.next.iter().cloned().map(Some));
        tokens.extend(page.next);
    }
    records.sort();
    Ok((records, tokens))
}

/// Read each list twice on one instance, and once on another one. Gives the lists with their tokens.
pub async fn again(
    trial: &Trial<'_>,
    found: &Memory,
    report: &mut Report,
    measured: &mut Measured,
) -> Result<Vec<(Which, Vec<String>)>, String> {
    let lists = of(found, trial.most);
    let mut one = trial.session(None).await?.caller();
    let mut asked = Vec::new();
    for which in lists {
        let other = trial.session(None).await?;
        let read = async {
            let first = whole(&which, &mut one, measured).await?;
            let second = whole(&which, &mut one, measured).await?;
            let elsewhere = whole(&which, &mut other.caller(), measured).await?;
            Ok::<_, String>((first, second, elsewhere))
        };
        let (first, second, elsewhere) = match read.await {
            Ok(read) => read,
            Err(error) => {
                report.broken("asked-twice", error);
                continue;
            }
        };
        // What changed in between is the vendor's: the same would not change again and again.
        if first.0 != second.0 && whole(&which, &mut one, measured).await?.0 != second.0 {
            report.broken("asked-twice", differs(&which, &first.0, &second.0));
        }
        if first.0 != elsewhere.0
            && whole(&which, &mut other.caller(), measured).await?.0
                != whole(&which, &mut one, measured).await?.0
        {
            report.broken("two-instances", differs(&which, &first.0, &elsewhere.0));
        }
        asked.push((which, first.1));
    }
    report.kept("asked-twice", format!("{} lists", asked.len()));
    report.kept("two-instances", format!("{} lists", asked.len()));
    Ok(asked)
}

fn differs(which: &Which, one: &[String], other: &[String]) -> String {
    let only =
        |these: &[String], those: &[String]| these.iter().find(|record| !those.contains(record)).cloned();
    let place = which.place();
    let record = only(other, one)
        .or_else(|| only(one, other))
        .unwrap_or_else(|| "the same record more than once".into());
    format!("{place}: {} records and then {}; the first that differs: {record}", one.len(), other.len())
}

/// Ask lists with tokens of others, and with altered ones.
pub async fn tokens(
    trial: &Trial<'_>,
    asked: &[(Which, Vec<String>)],
    report: &mut Report,
) -> Result<(), String> {
    let with_tokens =
        || asked.iter().filter_map(|(which, tokens)| Some((which, tokens.first()?))).take(TOKENS);
    if with_tokens().next().is_none() {
        report.skipped("foreign-token", "no list has more than one page");
        report.skipped("altered-token", "no list has more than one page");
        return Ok(());
    }
    let mut tried = 0;
    for (which, token) in with_tokens() {
        let function = std::mem::discriminant(which);
        let mut others: Vec<&Which> =
            asked.iter().map(|(other, _)| other).filter(|other| other.place() != which.place()).collect();
        others.sort_by_key(|other| std::mem::discriminant(*other) != function);
        for other in others.into_iter().take(TOKENS) {
            tried += 1;
            let what = format!("{} with a token of {}", other.place(), which.place());
            if let Some(wrong) = taken(trial, other, token).await? {
                report.broken("foreign-token", format!("{what} {wrong}"));
            }
        }
        for altered in altered(token) {
            if let Some(wrong) = taken(trial, which, &altered).await? {
                report.broken("altered-token", format!("{} with an altered token {wrong}", which.place()));
            }
        }
    }
    report.kept("foreign-token", format!("{tried} tried"));
    report.kept("altered-token", format!("{} tokens tried", with_tokens().count()));
    Ok(())
}

/// What a list gives for a token that it did not issue; none when it refuses it.
async fn taken(trial: &Trial<'_>, which: &Which, token: &str) -> Result<Option<String>, String> {
    let mut caller = trial.session(None).await?.caller();
    Ok(match which.page(&mut caller, Some(token)).await {
        Ok(Err(C::Internal(_))) => None,
        Ok(Err(error)) => {
            let error = Error::Connector { place: which.place(), error };
            Some(format!("is refused, and not as `internal`: {error}"))
        }
        Ok(Ok(page)) => Some(format!("is taken: {} records came", page.records.len())),
        Err(error) => Some(error.to_string()),
    })
}

/// A token with another character at its beginning, in its middle, and at its end.
fn altered(token: &str) -> Vec<String> {
    let letters: Vec<char> = token.chars().collect();
    let mut places = vec![0, letters.len() / 2, letters.len().saturating_sub(1)];
    places.dedup();
    let with = |place: usize| {
        let other = |letter: char| if letter == '7' { '8' } else { '7' };
        letters
            .iter()
            .enumerate()
            .map(|(at, letter)| if at == place { other(*letter) } else { *letter })
            .collect::<String>()
    };
    places.into_iter().map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altered_token_is_another_one() {
        for token in ["7", "a.b", "é7", "0123.77"] {
            let altered = altered(token);
            assert!(!altered.is_empty() && altered.iter().all(|other| other != token), "{altered:?}");
        }
    }
}
