//! What is done when all resources were read: what they say of each other is checked, and what lists told differently is
//! put together.

use std::collections::HashMap;
use std::sync::Arc;

use super::intake::Intake;
use crate::model::contract::{Resource, Warning};
use crate::model::error::Error;
use crate::model::identity::identity;
use crate::model::records::joined;

const PLACE: &str = "listing resources failed";

impl Intake<'_> {
    /// All resources came.
    pub fn end_resources(&mut self) -> Result<(), Error> {
        // Of a targeted sync not all came.
        if !self.is_targeted() {
            let selects = |kind: &str| self.options.selects(kind);
            self.known.check_parents(selects).map_err(|rule| self.broken(PLACE, rule))?;
        }
        self.put_together()
    }

    fn put_together(&mut self) -> Result<(), Error> {
        let mut differing = Differing::default();
        let mut changed = Vec::new();
        let mut offering = HashMap::new();
        while let Some(told) = self.known.told.next()? {
            let resource = told.resource;
            if self.is_targeted() && !self.search.keeps(&resource.id) {
                continue;
            }
            if told.differs && told.has_children {
                return Err(self.broken(
                    PLACE,
                    format!(
                        "resource {} names types of children, and is told differently by the lists that it is in; its \
                         children's lists are asked with it, so it has to be the same each time",
                        joined(&resource.id)
                    ),
                ));
            }
            match told.differs {
                true => differing.add(&resource),
                false => changed.push(changed_meanwhile(&resource)),
            }
            let kind = self.known.type_of(&resource.id.resource_type);
            if kind.is_some_and(|kind| kind.has_entitlements || kind.has_grants) {
                offering.insert(identity(&resource.id), Arc::new(resource.clone()));
            }
            self.sink.replace(resource)?;
        }
        // The lists that are asked with it get the record that is in the file.
        if !offering.is_empty() {
            for known in &mut self.offering {
                if let Some(resource) = offering.remove(&identity(&known.id)) {
                    *known = resource;
                }
            }
        }
        changed.sort_by(|one, other| one.message.cmp(&other.message));
        changed.into_iter().chain(differing.warning()).for_each(|warning| self.tally.warn(warning));
        Ok(())
    }
}

/// Resources that lists told differently: how many, and the first of them.
#[derive(Default)]
struct Differing {
    count: usize,
    first: Option<Resource>,
}

impl Differing {
    fn add(&mut self, resource: &Resource) {
        self.count += 1;
        let is_first = self.first.as_ref().is_none_or(|first| joined(&resource.id) < joined(&first.id));
        if is_first {
            self.first = Some(resource.clone());
        }
    }

    /// One for all of them: where a vendor tells some differently, it may be thousands.
    fn warning(self) -> Option<Warning> {
        let Resource { id, display_name, .. } = self.first?;
        let told = match self.count - 1 {
            0 => "is told differently by the lists that it is in; it was".to_owned(),
            1 => "and one more are told differently by the lists that they are in; each was".to_owned(),
            more => format!("and {more} more are told differently by the lists that they are in; each was"),
        };
        let message = format!(
            "{} ({display_name}) {told} put together: text lists united, single sign-on where one tells it, a second factor \
             where all do, all else as under the smallest parent",
            joined(&id)
        );
        Some(Warning { message, resource: Some(id) })
    }
}

fn changed_meanwhile(resource: &Resource) -> Warning {
    Warning {
        message: format!(
            "{} ({}) was listed twice with different content, so it changed while it was read; the later record was kept",
            joined(&resource.id),
            resource.display_name
        ),
        resource: Some(resource.id.clone()),
    }
}
