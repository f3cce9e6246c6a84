//! The walk of one sync: types, then resources with their children, then entitlements, then grants.
//!
//! One coordinator keeps what is to be asked, hands pages out to the workers, and takes each page in: checks
//! it (`checks.rs`), gives it to the sink, and queues what it names. Nothing is collected: a page is written
//! and gone. Every list ends: a token that came before, too many pages and too many records are errors.
//!
//! What may be left out, and nothing else: the list of a resource which the connector made sure is gone, with
//! a warning, and not for many. Any other failure ends the sync.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::{Instrument, info, warn};

use crate::checks::{Known, identity};
use crate::config::shown;
use crate::contract::{self, Resource, Warning};
use crate::error::Error;
use crate::instance::Source;
use crate::journal::Pages;
use crate::sink::{List, Records, Sink, joined, joined_grant};
use crate::sync::{Event, Summary, SyncOptions};
use crate::worker::{Page, Worker};

mod targeted;

/// Lists that may be left out before their share counts, as the Go syncer has it.
const FEW_SKIPPED: usize = 10;

/// One page to ask for.
struct Step {
    list: usize,
    reading: u32,
    token: Option<String>,
}

/// A list that is being read.
struct Open {
    list: Arc<List>,
    place: String,
    /// Which reading of it this is: 0, or 1 after it changed underneath.
    reading: u32,
    /// Pages asked for or to be asked for, of any reading.
    pending: usize,
    pages: usize,
    tokens: HashSet<u128>,
    /// Resources or grants of this reading. One that comes twice says that pages overlap.
    seen: HashSet<u128>,
    twice: Option<String>,
    slugs: HashSet<String>,
    gone: bool,
}

type Done = (Worker, Step, Result<Page, Error>);

pub(crate) struct Walk<'a> {
    workers: Vec<Worker>,
    source: Source,
    sink: &'a mut dyn Sink,
    options: &'a SyncOptions,
    journal: Option<Pages>,
    known: Known,
    open: Vec<Option<Open>>,
    queue: VecDeque<Step>,
    /// Resources that can have entitlements or grants, to be asked about later.
    offering: Vec<Arc<Resource>>,
    children: HashSet<u128>,
    /// Of a sync of single resources: what it looks for.
    search: targeted::Search,
    lists: usize,
    pages: usize,
    skipped: usize,
    /// Grants to principals whose type was not asked for.
    left_out: usize,
    summary: Summary,
}

impl<'a> Walk<'a> {
    pub fn new(
        workers: Vec<Worker>,
        source: Source,
        sink: &'a mut dyn Sink,
        options: &'a SyncOptions,
    ) -> Walk<'a> {
        Walk {
            workers,
            source,
            sink,
            options,
            journal: options.journal.clone().map(Pages::new),
            known: Known::default(),
            open: Vec::new(),
            queue: VecDeque::new(),
            offering: Vec::new(),
            children: HashSet::new(),
            search: targeted::Search::new(&options.targets),
            lists: 0,
            pages: 0,
            skipped: 0,
            left_out: 0,
            summary: Summary::default(),
        }
    }

    pub async fn run(mut self) -> Result<Summary, Error> {
        let warnings = match self.workers.first_mut() {
            Some(worker) => worker.validate().await?,
            None => Vec::new(),
        };
        warnings.into_iter().for_each(|warning| self.warn(warning));

        info!("Syncing resource types...");
        self.phase("resource types");
        self.begin(List::ResourceTypes);
        let types = self.read().await?;
        info!(count = types, "Synced resource types");

        info!("Syncing resources...");
        self.phase("resources");
        let kinds = self.selected_types()?;
        if self.is_targeted() {
            self.reach().await?;
        } else {
            for kind in kinds {
                self.begin(List::Resources { resource_type: kind, parent: None });
            }
            self.read().await?;
        }
        for (kind, count) in &self.summary.resources {
            info!(resource_type_id = %kind, count, "Synced resources");
        }

        if !self.options.skip_entitlements_and_grants {
            let offering = std::mem::take(&mut self.offering);
            info!("Syncing entitlements...");
            self.phase("entitlements");
            for resource in &offering {
                if self.known.type_of(&resource.id.resource_type).is_some_and(|t| t.has_entitlements) {
                    self.begin(List::Entitlements(Resource::clone(resource)));
                }
            }
            let count = self.read().await?;
            info!(count, total = offering.len(), "Synced entitlements");

            if !self.options.skip_grants {
                self.grants(&offering).await?;
            }
        }
        if self.skipped > FEW_SKIPPED && self.skipped * 10 > self.lists {
            return Err(Error::TooManyWarnings { skipped: self.skipped, lists: self.lists });
        }
        // Nothing at all would be told as everybody having lost access.
        if self.summary.resources.values().all(|count| *count == 0) && !self.options.resource_types.is_empty()
        {
            return Err(Error::NothingOfTypes(self.options.resource_types.join(", ")));
        }
        self.sink.finish()?;
        if let Some(egress) = &self.source.egress {
            self.summary.requests = egress.pace.requests();
            self.summary.waited = egress.pace.waited();
        }
        Ok(self.summary)
    }

    async fn grants(&mut self, offering: &[Arc<Resource>]) -> Result<(), Error> {
        info!("Syncing grants...");
        self.phase("grants");
        for resource in offering {
            if self.known.type_of(&resource.id.resource_type).is_some_and(|t| t.has_grants) {
                self.begin(List::Grants(Resource::clone(resource)));
            }
        }
        let count = self.read().await?;
        info!(count, total = offering.len(), "Synced grants");
        if self.left_out > 0 {
            let message = format!(
                "{} grants to principals of resource types that were not asked for were left out",
                self.left_out
            );
            self.warn(Warning { message, resource: None });
        }
        Ok(())
    }

    /// The types to list: all of them, or those asked for.
    fn selected_types(&self) -> Result<Vec<String>, Error> {
        for wanted in &self.options.resource_types {
            if self.known.type_of(wanted).is_none() {
                return Err(Error::UnknownType(wanted.clone()));
            }
        }
        Ok(self.summary.resources.keys().cloned().collect())
    }

    fn selects(&self, kind: &str) -> bool {
        let only = &self.options.resource_types;
        only.is_empty() || only.iter().any(|wanted| wanted == kind)
    }

    fn begin(&mut self, list: List) {
        let place = describe(&list);
        self.queue.push_back(Step { list: self.open.len(), reading: 0, token: None });
        self.lists += 1;
        self.open.push(Some(Open {
            list: Arc::new(list),
            place,
            reading: 0,
            pending: 1,
            pages: 0,
            tokens: HashSet::new(),
            seen: HashSet::new(),
            twice: None,
            slugs: HashSet::new(),
            gone: false,
        }));
    }

    /// Ask for everything that is queued and what comes of it. Returns how many records came.
    async fn read(&mut self) -> Result<u64, Error> {
        let mut running: JoinSet<Done> = JoinSet::new();
        let mut records = 0;
        loop {
            while let Some(step) = self.queue.pop_front() {
                let Some(Some(open)) = self.open.get(step.list) else { continue };
                let (list, place) = (open.list.clone(), open.place.clone());
                let journal = self.journal.as_ref();
                if let Some(page) = journal.and_then(|journal| journal.find(&list, step.token.as_deref())) {
                    self.summary.taken_up += 1;
                    records += self.take(step, Ok(page), true)?;
                    continue;
                }
                let Some(mut worker) = self.workers.pop() else {
                    self.queue.push_front(step);
                    break;
                };
                let page = async move {
                    let page = worker.page(&place, &list, step.token.as_deref()).await;
                    (worker, step, page)
                };
                // Its log lines belong to the caller's span, wherever it runs.
                running.spawn(page.in_current_span());
            }
            let Some(done) = running.join_next().await else { break };
            let (worker, step, page) = done.map_err(|error| {
                Error::Setup(format!("a worker of the sync stopped unexpectedly ({error})"))
            })?;
            self.workers.push(worker);
            records += self.take(step, page, false)?;
        }
        self.open.clear();
        Ok(records)
    }

    /// Take in what came for one step. A page that is `known` came from the journal and need not go there.
    fn take(&mut self, step: Step, page: Result<Page, Error>, known: bool) -> Result<u64, Error> {
        let Some(mut open) = self.open.get_mut(step.list).and_then(Option::take) else { return Ok(0) };
        open.pending -= 1;
        let outdated = step.reading != open.reading || open.gone;
        let mut count = 0;
        match page {
            _ if outdated => {}
            Ok(page) => {
                let page = self.without_secrets(&open.place, page)?;
                let page = match &self.journal {
                    Some(journal) if !known => journal.keep(&open.list, step.token.as_deref(), page),
                    _ => page,
                };
                match self.page(&mut open, &step, page) {
                    Ok(records) => count = records,
                    Err(error) => {
                        // What broke a rule now may be another answer when the next run asks.
                        if let Some(journal) = &self.journal {
                            journal.forget(&open.list, &open.tokens);
                        }
                        return Err(error);
                    }
                }
            }
            Err(error @ Error::Connector { error: contract::Error::Changed(_), .. }) => {
                self.changed(&mut open, &step, error)?;
            }
            Err(Error::Connector { error: contract::Error::Gone(failure), place }) => {
                let Some(resource) = subject(&open.list) else {
                    let error = contract::Error::Gone(failure);
                    return Err(Error::Connector { place, error });
                };
                open.gone = true;
                open.seen.clear();
                self.skipped += 1;
                let warning = Warning { message: failure.message, resource: Some(resource.id.clone()) };
                self.sink.restart(&open.list)?;
                self.forget_entitlements(&mut open);
                self.warn(warning);
            }
            Err(error) => {
                // A reply that was not understood may be another one when the next run asks.
                if matches!(error, Error::Connector { error: contract::Error::Reply(_), .. })
                    && let Some(egress) = &self.source.egress
                {
                    egress.replies.forget();
                }
                return Err(error);
            }
        }
        if open.pending == 0 {
            self.sink.complete(&open.list)?;
            // Here, because a list that began again gave some of them before.
            let of = |resource: &Resource| resource.id.resource_type.clone();
            match &*open.list {
                List::Entitlements(resource) if !open.slugs.is_empty() => {
                    *self.summary.entitlements.entry(of(resource)).or_default() += open.slugs.len() as u64;
                }
                List::Grants(resource) => {
                    *self.summary.grants.entry(of(resource)).or_default() += open.seen.len() as u64;
                }
                _ => {}
            }
        } else if let Some(place) = self.open.get_mut(step.list) {
            *place = Some(open);
        }
        Ok(count)
    }

    /// A list changed while it was read: read it again, once.
    fn changed(&mut self, open: &mut Open, step: &Step, error: Error) -> Result<(), Error> {
        if open.reading > 0 {
            return Err(error);
        }
        warn!(place = open.place, "the list changed while it was read: reading it again");
        self.restart(open, step)
    }

    /// Begin a list again that changed underneath.
    fn restart(&mut self, open: &mut Open, step: &Step) -> Result<(), Error> {
        let before = self.queue.len();
        self.queue.retain(|queued| queued.list != step.list);
        open.pending -= before - self.queue.len();
        if let Some(egress) = &self.source.egress {
            egress.replies.forget();
        }
        open.reading += 1;
        open.pages = 0;
        if let Some(journal) = &self.journal {
            journal.forget(&open.list, &open.tokens);
        }
        open.tokens.clear();
        open.seen.clear();
        self.forget_entitlements(open);
        self.sink.restart(&open.list)?;
        open.pending += 1;
        self.queue.push_back(Step { list: step.list, reading: open.reading, token: None });
        Ok(())
    }

    fn forget_entitlements(&mut self, open: &mut Open) {
        if let List::Entitlements(resource) = &*open.list {
            self.known.forget_entitlements(resource, &open.slugs);
        }
        open.slugs.clear();
    }

    /// A page that may be kept: a secret in a record or token is an error, one in a warning is taken out.
    fn without_secrets(&self, place: &str, mut page: Page) -> Result<Page, Error> {
        if let Some(config) = &self.source.config
            && (page.records.hold_secret_of(config) || config.is_in(&page.next))
        {
            return Err(self.broken(place, "a secret of the config is in what the connector read".to_owned()));
        }
        page.warnings.iter_mut().for_each(|warning| self.clean(warning));
        Ok(page)
    }

    /// Make a warning fit to be shown.
    fn clean(&self, warning: &mut Warning) {
        let config = self.source.config.as_deref();
        warning.message = shown(&warning.message, config, 1_000);
        if let Some(resource) = &mut warning.resource {
            resource.resource_type = shown(&resource.resource_type, config, 128);
            resource.id = shown(&resource.id, config, 1_024);
        }
    }

    /// Check a page, write it, and queue the pages it names.
    fn page(&mut self, open: &mut Open, step: &Step, page: Page) -> Result<u64, Error> {
        let limits = &self.options.limits;
        let broken = |rule: String| Error::Contract { place: open.place.clone(), rule };
        open.pages += 1;
        self.pages += 1;
        if self.pages > limits.pages {
            return Err(broken(format!("a sync of more than {} pages", limits.pages)));
        }
        if open.pages + page.next.len() > limits.list_pages {
            return Err(broken(format!("a list of more than {} pages", limits.list_pages)));
        }
        for token in page.next {
            if token.is_empty() || token.len() > 4_096 {
                return Err(broken("a page token is empty or too long".to_owned()));
            }
            if step.token.as_deref() == Some(&token) || !open.tokens.insert(identity(&token)) {
                return Err(broken(
                    "next page token unchanged: it was already asked for in this list".to_owned(),
                ));
            }
            open.pending += 1;
            self.queue.push_back(Step { list: step.list, reading: open.reading, token: Some(token) });
        }
        let list = open.list.clone();
        let place = open.place.clone();
        let came = len(&page.records);
        if came > self.options.limits.page_items {
            return Err(self.broken(&place, format!("a page of {came} records")));
        }
        let records = self.check(open, &list, page.records).map_err(|rule| self.broken(&place, rule))?;
        if let Some(record) = open.twice.take() {
            let message = format!("the list changed while it was read: {record} came twice");
            let failure = contract::Failure { message, http_status: None, request_id: None };
            let error = Error::Connector { place, error: contract::Error::Changed(failure) };
            return self.changed(open, step, error).map(|()| 0);
        }
        let count = len(&records);
        page.warnings.into_iter().for_each(|warning| self.warn(warning));
        // Others are counted elsewhere: a resource once however often it is listed, the rest when their list ended.
        if let Records::ResourceTypes(items) = &records {
            self.summary.resource_types += items.len() as u64;
        }
        self.sink.write(&list, records)?;
        if let Some(observer) = &self.options.observer {
            observer(&Event::Page { list: &list, records: count, left: self.queue.len() });
        }
        Ok(count as u64)
    }

    fn check(&mut self, open: &mut Open, list: &List, records: Records) -> Result<Records, String> {
        match (list, records) {
            (List::ResourceTypes, Records::ResourceTypes(items)) => {
                for kind in &items {
                    self.known.add_type(kind)?;
                }
                self.sink.know(&items);
                let items: Vec<_> = items.into_iter().filter(|kind| self.selects(&kind.id)).collect();
                for kind in &items {
                    self.summary.resources.insert(kind.id.clone(), 0);
                }
                Ok(Records::ResourceTypes(items))
            }
            (List::Resources { resource_type, .. }, Records::Resources(mut items)) => {
                for resource in &items {
                    if !open.seen.insert(identity(&resource.id)) {
                        open.twice = Some(joined(&resource.id));
                    }
                    let (new, warning) = self.known.add_resource(resource_type, resource)?;
                    if let Some(warning) = warning {
                        self.warn(warning);
                    }
                    if !self.is_targeted() {
                        self.take_resource(resource, new);
                    }
                }
                if self.is_targeted() {
                    items.retain(|resource| self.take_on_the_way(list, resource));
                }
                Ok(Records::Resources(items))
            }
            (List::Entitlements(resource), Records::Entitlements(items)) => {
                for entitlement in &items {
                    self.known.add_entitlement(resource, entitlement)?;
                    open.slugs.insert(entitlement.id.slug.clone());
                }
                Ok(Records::Entitlements(items))
            }
            (List::Grants(resource), Records::Grants(mut items)) => {
                // Principals of types that were not asked for are not in the file, nor are their grants. Of a
                // targeted sync no principal is: another sync has them.
                let targeted = self.is_targeted();
                let came = items.len();
                items.retain(|grant| targeted || self.selects(&grant.principal.resource_type));
                self.left_out += came - items.len();
                for grant in &items {
                    if let Some(warning) = self.known.check_grant(resource, grant)?
                        && !targeted
                    {
                        self.warn(warning);
                    }
                }
                for grant in &items {
                    if !open.seen.insert(identity(&(&grant.entitlement.slug, &grant.principal))) {
                        open.twice = Some(joined_grant(grant));
                    }
                }
                Ok(Records::Grants(items))
            }
            _ => Err("records of another list".to_owned()),
        }
    }

    /// Remember what a resource leads to.
    fn take_resource(&mut self, resource: &Resource, new: bool) {
        for child in &resource.child_resource_types {
            if self.selects(child) && self.children.insert(identity(&(&resource.id, child))) {
                self.begin(List::Resources { resource_type: child.clone(), parent: Some(resource.clone()) });
            }
        }
        if new {
            *self.summary.resources.entry(resource.id.resource_type.clone()).or_default() += 1;
            self.offer(resource);
        }
    }

    fn warn(&mut self, mut warning: Warning) {
        if self.summary.warnings.len() >= self.options.limits.warnings {
            self.summary.more_warnings += 1;
            return;
        }
        self.clean(&mut warning);
        let resource = warning.resource.as_ref().map(joined).unwrap_or_default();
        warn!(resource, "{}", warning.message);
        if let Some(observer) = &self.options.observer {
            observer(&Event::Warning(&warning));
        }
        self.summary.warnings.push(warning);
    }

    fn phase(&self, name: &'static str) {
        if let Some(observer) = &self.options.observer {
            observer(&Event::Phase(name));
        }
    }

    fn broken(&self, place: &str, rule: String) -> Error {
        let rule = shown(&rule, self.source.config.as_deref(), 2_000);
        Error::Contract { place: place.to_owned(), rule }
    }
}

fn len(records: &Records) -> usize {
    match records {
        Records::ResourceTypes(items) => items.len(),
        Records::Resources(items) => items.len(),
        Records::Entitlements(items) => items.len(),
        Records::Grants(items) => items.len(),
    }
}

/// The resource a list is about.
fn subject(list: &List) -> Option<&Resource> {
    match list {
        List::ResourceTypes => None,
        List::Resources { parent, .. } => parent.as_ref(),
        List::Entitlements(resource) | List::Grants(resource) => Some(resource),
    }
}

/// What a list is, for messages.
fn describe(list: &List) -> String {
    match list {
        List::ResourceTypes => "listing resource types failed".to_owned(),
        List::Resources { resource_type, parent: None } => {
            format!("listing resources of type {resource_type} failed")
        }
        List::Resources { resource_type, parent: Some(parent) } => format!(
            "listing resources of type {resource_type} in {} ({}) failed",
            joined(&parent.id),
            parent.display_name
        ),
        List::Entitlements(resource) => {
            format!("listing entitlements of {} ({}) failed", joined(&resource.id), resource.display_name)
        }
        List::Grants(resource) => {
            format!("listing grants of {} ({}) failed", joined(&resource.id), resource.display_name)
        }
    }
}
