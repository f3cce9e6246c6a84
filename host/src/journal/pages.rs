//! The pages of a sync in its journal.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::entries::{Journal, Kind};
use crate::model::contract::Warning;
use crate::model::identity::identity;
use crate::model::records::{List, Page, Records};

/// The journal as the walk uses it.
#[derive(Clone)]
pub(crate) struct Pages(Arc<dyn Journal>);

/// A page as it is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    records: Records,
    next: Vec<String>,
    total: Option<u32>,
    warnings: Vec<Warning>,
}

impl Pages {
    pub fn new(journal: Arc<dyn Journal>) -> Pages {
        Pages(journal)
    }

    /// The page that an earlier run took in.
    pub fn find(&self, list: &List, token: Option<&str>) -> Option<Page> {
        let entry = self.0.find(Kind::Page, key(list, token.map(|token| identity(&token))))?;
        let Written { records, next, total, warnings } = postcard::from_bytes(&entry).ok()?;
        Some(Page { records, next, total, warnings })
    }

    pub fn keep(&self, list: &List, token: Option<&str>, page: Page) -> Page {
        let Page { records, next, total, warnings } = page;
        let written = Written { records, next, total, warnings };
        // What cannot be encoded is asked for again; nothing in the contract's types cannot.
        if let Ok(entry) = postcard::to_stdvec(&written) {
            self.0.keep(Kind::Page, key(list, token.map(|token| identity(&token))), &entry);
        }
        let Written { records, next, total, warnings } = written;
        Page { records, next, total, warnings }
    }

    /// The list changed while it was read: its pages, of which `tokens` were named, count no more.
    pub fn forget(&self, list: &List, tokens: &HashSet<u128>) {
        let rest = tokens.iter().map(|token| key(list, Some(*token)));
        let keys: Vec<u128> = std::iter::once(key(list, None)).chain(rest).collect();
        self.0.forget_pages(&keys);
    }
}

/// The key of a page: which list, and the identity of its token.
fn key(list: &List, token: Option<u128>) -> u128 {
    match list {
        List::ResourceTypes => identity(&(0, token)),
        List::Resources { resource_type, parent } => {
            identity(&(1, resource_type, parent.as_ref().map(|parent| &parent.id), token))
        }
        List::Entitlements(resource) => identity(&(2, &resource.id, token)),
        List::Grants(resource) => identity(&(3, &resource.id, token)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use super::*;
    use crate::model::contract::{Resource, ResourceId};

    #[derive(Default)]
    struct Memory(Mutex<HashMap<u128, Vec<u8>>>);

    impl Journal for Memory {
        fn find(&self, _: Kind, key: u128) -> Option<Vec<u8>> {
            self.0.lock().expect("a map").get(&key).cloned()
        }
        fn keep(&self, _: Kind, key: u128, entry: &[u8]) {
            self.0.lock().expect("a map").insert(key, entry.to_vec());
        }
        fn forget_pages(&self, keys: &[u128]) {
            self.0.lock().expect("a map").retain(|key, _| !keys.contains(key));
        }
        fn forget_replies(&self) {}
    }

    fn resource(id: &str) -> Resource {
        Resource {
            id: ResourceId { resource_type: "team".into(), id: id.into() },
            parent: None,
            display_name: "Команда".into(),
            description: None,
            child_resource_types: vec![],
            external_link: None,
            created_at: None,
            profile: vec![],
            traits: vec![],
        }
    }

    #[test]
    fn a_page_is_found_as_it_was_until_its_list_changes() {
        let pages = Pages::new(Arc::new(Memory::default()));
        let list = List::Resources { resource_type: "team".into(), parent: Some(resource("a")) };
        let records = Records::Resources(vec![resource("b"), resource("c")]);
        let page =
            || Page { records: records.clone(), next: vec!["3".into()], total: Some(2), warnings: vec![] };
        pages.keep(&list, None, page());
        pages.keep(&list, Some("2"), page());
        for token in [None, Some("2")] {
            let found = pages.find(&list, token).expect("the page");
            assert_eq!((found.records, found.next), (records.clone(), vec!["3".to_owned()]));
            assert_eq!(found.total, Some(2));
        }
        assert!(pages.find(&list, Some("3")).is_none());
        pages.forget(&list, &HashSet::from([identity(&"2")]));
        assert!(pages.find(&list, None).is_none() && pages.find(&list, Some("2")).is_none());
    }
}
