//! The credential metadata that comes with each member of a team.
//!
//! A connector has no use for it and must not let it through. Each value that tells something holds
//! the word of [`CREDENTIAL_MARK`], so that a test can search every output for it.

use serde_json::json;
use serde_json::value::RawValue;

/// Part of every telling value of a password's metadata.
pub const CREDENTIAL_MARK: &str = "dbcredential";

/// So many passwords, as JSON.
pub(super) fn passwords(count: usize) -> serde_json::Result<Box<RawValue>> {
    let list: Vec<_> = (0..count).map(password).collect();
    serde_json::value::to_raw_value(&list)
}

fn password(number: usize) -> serde_json::Value {
    json!({
        "id": format!("{CREDENTIAL_MARK}id{number}"),
        "name": format!("{CREDENTIAL_MARK} name {number}"),
        "role": "admin",
        "cidrs": ["192.0.2.0/24"],
        "created_at": "2025-05-05T05:05:05.000Z",
        "deleted_at": null,
        "expires_at": null,
        "last_used_at": "2026-01-31T12:00:00.000Z",
        "expired": false,
        "direct_vtgate": false,
        "direct_vtgate_addresses": [],
        "ttl_seconds": null,
        "access_host_url": format!("{CREDENTIAL_MARK}.connect.example.com"),
        "access_host_regional_url": format!("{CREDENTIAL_MARK}.eu.connect.example.com"),
        "access_host_regional_urls": [format!("{CREDENTIAL_MARK}.eu.connect.example.com")],
        "actor": { "id": "founderactor", "display_name": "The founder", "avatar_url": "https://avatars.example.com/founder.png" },
        "region": {
            "id": "regionid0001", "provider": "AWS", "enabled": true, "public_ip_addresses": ["198.51.100.7"],
            "display_name": "AWS eu-central-1", "location": "Frankfurt", "slug": "eu-central", "current_default": false,
            "mysql_supported": true, "postgresql_supported": true,
        },
        "username": format!("{CREDENTIAL_MARK}user{number}"),
        "plain_text": null,
        "replica": false,
        "renewable": false,
        "database_branch": {
            "name": "main", "id": "branchid0001", "production": true,
            "mysql_edge_address": format!("{CREDENTIAL_MARK}.edge.example.com"), "private_edge_connectivity": false,
        },
    })
}
