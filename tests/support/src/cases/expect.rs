//! What must come of a case, and what the API tells of its lists.

use baton_planetscale_demo::Endpoint;

/// What must come of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// Complete and equal to the manifest.
    Equal,
    /// Complete; who has access to what is equal to the manifest, and a description is missing that the API left out.
    SameAccess,
    /// Failed with one of these exit codes.
    Fails(Vec<i32>),
    /// Equal, or failed with one of these codes: what it is depends on how much of the reply is read.
    EqualOr(Vec<i32>),
    /// Complete, each record as it was before or after a change and no record that was there all the time missing;
    /// or failed with one of these codes.
    Moments(Vec<i32>),
    /// This where databases are read; elsewhere nobody looks, and it is equal.
    OfDatabases(Box<Expect>),
}

/// Whether the API tells how long a list is.
pub(super) fn is_list_with_counts(endpoint: Endpoint) -> bool {
    endpoint != Endpoint::Organizations
}
