//! What kind of sync a run of a file is.

use baton_host::SyncOptions;

/// What kind of sync a file's run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncType {
    /// Everything.
    #[default]
    Full,
    /// Resources without entitlements and grants.
    ResourcesOnly,
    /// Single resources ([`SyncOptions::targets`]), read anew since the file's latest full sync.
    Partial,
}

impl SyncType {
    /// Its name in files and logs.
    pub fn name(self) -> &'static str {
        match self {
            SyncType::Full => "full",
            SyncType::ResourcesOnly => "resources_only",
            SyncType::Partial => "partial",
        }
    }

    /// What a sync with these options is.
    pub fn of(options: &SyncOptions) -> SyncType {
        match (options.targets.is_empty(), options.skip_entitlements_and_grants) {
            (false, _) => SyncType::Partial,
            (true, true) => SyncType::ResourcesOnly,
            (true, false) => SyncType::Full,
        }
    }
}
