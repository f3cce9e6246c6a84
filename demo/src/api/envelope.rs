//! Pages: which items one holds, and the fields around them.

use std::ops::Range;

use serde::Serialize;

/// One page of a list of so many items.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) number: u64,
    pub(crate) size: u64,
    pub(crate) total: u64,
}

impl Page {
    /// How many pages the list has; none when it is empty, as the vendor's framework counts.
    pub(crate) fn pages(self) -> u64 {
        self.total.div_ceil(self.size.max(1))
    }

    /// Where its items lie in the list.
    pub(crate) fn range(self) -> Range<usize> {
        let place = |n: u64| usize::try_from(n.min(self.total)).unwrap_or(usize::MAX);
        let start = self.number.saturating_sub(1).saturating_mul(self.size);
        place(start)..place(start.saturating_add(self.size))
    }

    fn next(self) -> Option<u64> {
        (self.number < self.pages()).then(|| self.number + 1)
    }

    fn previous(self) -> Option<u64> {
        (self.number > 1).then(|| self.number - 1)
    }

    /// The page as the vendor writes it. `list` is the list's own address. `counted` is false for
    /// lists whose length the vendor does not tell.
    pub(crate) fn write<T: Serialize>(
        self,
        list: &str,
        counted: bool,
        data: &[T],
    ) -> serde_json::Result<Vec<u8>> {
        let url = |page: u64| format!("{list}?page={page}&per_page={}", self.size);
        serde_json::to_vec(&Envelope {
            kind: "list",
            current_page: self.number,
            per_page: self.size,
            next_page: self.next(),
            next_page_url: self.next().map(url),
            prev_page: self.previous(),
            prev_page_url: self.previous().map(url),
            total_count: counted.then_some(self.total),
            total_pages: counted.then(|| self.pages()),
            data,
        })
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    current_page: u64,
    per_page: u64,
    next_page: Option<u64>,
    next_page_url: Option<String>,
    prev_page: Option<u64>,
    prev_page_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_pages: Option<u64>,
    data: &'a [T],
}
