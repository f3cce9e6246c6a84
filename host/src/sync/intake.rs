//! What came in for a list: checked, given to the sink, and what it names asked for.
//!
//! Nothing is collected: a page is written and gone. Every list ends: a token that came before, too many pages and too
//! many records are errors.
//!
//! What may be left out, and nothing else: the list of a resource which the connector made sure is gone, with
//! a warning, and not for many. Any other failure ends the sync.

use std::collections::HashSet;
use std::sync::Arc;

use tracing::warn;

use super::agenda::{Agenda, Open, Step, subject};
use super::checks::Known;
use super::options::{Event, SyncOptions};
use super::tally::Tally;
use super::targeted::Search;
use crate::component::instance::Source;
use crate::journal::pages::Pages;
use crate::model::config::shown;
use crate::model::contract::{self, Resource, Warning};
use crate::model::error::Error;
use crate::model::identity::identity;
use crate::model::records::{List, Page, Records, joined, joined_grant};
use crate::sink::Sink;

/// Takes pages in.
pub(super) struct Intake<'a> {
    pub source: Source,
    pub sink: &'a mut dyn Sink,
    pub options: &'a SyncOptions,
    pub journal: Option<Pages>,
    pub known: Known,
    pub agenda: Agenda,
    /// Resources that can have entitlements or grants, to be asked about later.
    pub offering: Vec<Arc<Resource>>,
    children: HashSet<u128>,
    /// Of a sync of single resources: what it looks for.
    pub search: Search,
    pub pages: usize,
    /// Lists that were left out.
    pub skipped: usize,
    /// Grants to principals whose type was not asked for.
    pub left_out: usize,
    pub tally: Tally,
}

impl<'a> Intake<'a> {
    pub fn new(source: Source, sink: &'a mut dyn Sink, options: &'a SyncOptions) -> Intake<'a> {
        Intake {
            tally: Tally::new(&source, options),
            source,
            sink,
            options,
            journal: options.journal.clone().map(Pages::new),
            known: Known::default(),
            agenda: Agenda::default(),
            offering: Vec::new(),
            children: HashSet::new(),
            search: Search::new(&options.targets),
            pages: 0,
            skipped: 0,
            left_out: 0,
        }
    }

    /// Whether single resources were asked for.
    pub fn is_targeted(&self) -> bool {
        !self.options.targets.is_empty()
    }

    /// Take in what came for one step. A page that is `known` came from the journal and need not go there.
    pub fn take(&mut self, step: Step, page: Result<Page, Error>, known: bool) -> Result<u64, Error> {
        let Some(mut open) = self.agenda.take(step.list) else { return Ok(0) };
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
                        self.forget_replies();
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
                open.missing.clear();
                open.told = None;
                self.known.is_gone(resource);
                self.skipped += 1;
                let warning = Warning { message: failure.message, resource: Some(resource.id.clone()) };
                self.sink.restart(&open.list)?;
                self.forget_entitlements(&mut open);
                self.tally.warn(warning);
            }
            Err(error) => {
                // A reply that was not understood may be another one when the next run asks.
                if matches!(error, Error::Connector { error: contract::Error::Reply(_), .. }) {
                    self.forget_replies();
                }
                return Err(error);
            }
        }
        if open.pending == 0 {
            self.sink.complete(&open.list)?;
            self.known.await_parents(std::mem::take(&mut open.missing));
            if let Some(warning) = open.difference() {
                self.tally.warn(warning);
            }
            // Here, because a list that began again gave some of them before.
            self.tally.count_list(&open.list, open.slugs.len() as u64, open.seen.len() as u64);
            self.tally.count_read(&open);
        } else {
            self.agenda.give_back(step.list, open);
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
        self.forget_replies();
        if let Some(journal) = &self.journal {
            journal.forget(&open.list, &open.tokens);
        }
        self.agenda.again(open, step.list);
        self.forget_entitlements(open);
        self.sink.restart(&open.list)?;
        Ok(())
    }

    /// What a list was read from is asked for anew.
    fn forget_replies(&self) {
        if let Some(egress) = &self.source.egress {
            egress.replies.forget();
        }
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
            return Err(self.broken(place, "a secret is in what the connector read".to_owned()));
        }
        page.warnings.iter_mut().for_each(|warning| self.tally.clean(warning));
        Ok(page)
    }

    /// Check a page, write it, and queue the pages it names.
    fn page(&mut self, open: &mut Open, step: &Step, page: Page) -> Result<u64, Error> {
        let limits = &self.options.limits;
        let place = open.place.clone();
        let broken = |rule: String| Error::Contract { place: place.clone(), rule };
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
            self.agenda.follow(open, step.list, token);
        }
        let list = open.list.clone();
        let came = page.records.len();
        if came > self.options.limits.page_items {
            return Err(self.broken(&place, format!("a page of {came} records")));
        }
        open.count(came as u64, page.total);
        let records = self.check(open, &list, page.records).map_err(|rule| self.broken(&place, rule))?;
        if let Some(error) = self.known.told.failure() {
            return Err(error.into());
        }
        if let Some(record) = open.twice.take() {
            // What is known of a list that begins again stays, and is not written another time.
            if matches!(records, Records::Resources(_)) {
                self.sink.write(&list, records)?;
            }
            let message = format!("the list changed while it was read: {record} came twice");
            let failure = contract::Failure { message, http_status: None, request_id: None };
            let error = Error::Connector { place, error: contract::Error::Changed(failure) };
            return self.changed(open, step, error).map(|()| 0);
        }
        let count = records.len();
        page.warnings.into_iter().for_each(|warning| self.tally.warn(warning));
        // Others are counted elsewhere: a resource once however often it is listed, the rest when their list ended.
        if let Records::ResourceTypes(items) = &records {
            self.tally.summary.resource_types += items.len() as u64;
        }
        self.sink.write(&list, records)?;
        self.tally.tell(&Event::Page { list: &list, records: count, left: self.agenda.left() });
        Ok(count as u64)
    }

    fn check(&mut self, open: &mut Open, list: &List, records: Records) -> Result<Records, String> {
        match (list, records) {
            (List::ResourceTypes, Records::ResourceTypes(items)) => {
                self.known.add_types(&items)?;
                self.sink.know(&items);
                let items: Vec<_> = items.into_iter().filter(|kind| self.options.selects(&kind.id)).collect();
                for kind in &items {
                    self.tally.summary.resources.insert(kind.id.clone(), 0);
                }
                Ok(Records::ResourceTypes(items))
            }
            (List::Resources { resource_type, parent }, Records::Resources(mut items)) => {
                let parent = parent.as_ref().map(|parent| &parent.id);
                let mut new = Vec::with_capacity(items.len());
                for resource in &items {
                    if !open.seen.insert(identity(&resource.id)) {
                        open.twice = Some(joined(&resource.id));
                    }
                    let first =
                        self.known.add_resource(resource_type, parent, resource, &mut open.missing)?;
                    new.push(match self.is_targeted() {
                        true => self.take_on_the_way(list, resource),
                        false => self.take_resource(resource, first),
                    });
                }
                // What differs from what was written is put together when all came.
                let mut new = new.into_iter();
                items.retain(|_| new.next().unwrap_or_default());
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
                items.retain(|grant| targeted || self.options.selects(&grant.principal.resource_type));
                self.left_out += came - items.len();
                for grant in &items {
                    self.known.check_grant(resource, grant, targeted)?;
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

    /// Remember what a resource leads to. Whether it is new.
    fn take_resource(&mut self, resource: &Resource, new: bool) -> bool {
        for child in &resource.child_resource_types {
            if self.options.selects(child) && self.children.insert(identity(&(&resource.id, child))) {
                self.agenda
                    .begin(List::Resources { resource_type: child.clone(), parent: Some(resource.clone()) });
            }
        }
        if new {
            self.tally.count_resource(&resource.id.resource_type);
            self.offer(resource);
        }
        new
    }

    /// Whether a resource belongs to what was asked for, and is new; what it leads to is read, now or when it has to be.
    fn take_on_the_way(&mut self, list: &List, resource: &Resource) -> bool {
        let List::Resources { parent, .. } = list else { return false };
        let parent = parent.as_ref().map(|parent| &parent.id);
        let met = self.search.meet(resource, parent, |kind| self.options.selects(kind));
        if met.found {
            self.offer(resource);
        }
        if met.new {
            self.tally.count_resource(&resource.id.resource_type);
        }
        met.lists.into_iter().for_each(|list| self.agenda.begin(list));
        met.new
    }

    /// Ask later for the entitlements and grants of a resource that can have any.
    fn offer(&mut self, resource: &Resource) {
        let kind = self.known.type_of(&resource.id.resource_type);
        if kind.is_some_and(|kind| kind.has_entitlements || kind.has_grants) {
            self.offering.push(Arc::new(resource.clone()));
        }
    }

    /// A rule of the contract was broken.
    pub fn broken(&self, place: &str, rule: String) -> Error {
        let rule = shown(&rule, self.source.config.as_deref(), 2_000);
        Error::Contract { place: place.to_owned(), rule }
    }
}
