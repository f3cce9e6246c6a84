//! What a component is, and what it wants.

use std::path::Path;
use std::process::ExitCode;

use aws_lc_rs::digest::{SHA256, digest};
use baton_host::contract::{self, ConnectorMetadata, FieldKind};
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use data_encoding::HEXLOWER;
use serde::Serialize;
use wasmparser::{Parser, Payload};

use crate::failure::Failure;
use crate::print;
use crate::subject;

#[derive(Serialize)]
struct Told {
    file: String,
    bytes: usize,
    sha256: String,
    contract: String,
    metadata: ConnectorMetadata,
    fields: Vec<contract::ConfigField>,
    resource_types: Result<Vec<contract::ResourceType>, String>,
    imports: Vec<String>,
}

/// Tell it.
pub async fn tell(file: &Path, json: bool) -> Result<ExitCode, Failure> {
    let bytes = subject::read(file)?;
    let connector = subject::load(&bytes)?;
    let told = Told {
        file: file.display().to_string(),
        bytes: bytes.len(),
        sha256: HEXLOWER.encode(digest(&SHA256, &bytes).as_ref()),
        contract: format!("{}@{}", contract::INTERFACE, contract::VERSION),
        metadata: connector.metadata().await?,
        fields: connector.config_schema().await?,
        resource_types: connector.resource_types().await.map_err(|error| error.to_string()),
        imports: imports(&bytes),
    };
    if json {
        print::json(&told)?
    } else {
        print::text(&for_people(&told))?
    }
    Ok(ExitCode::SUCCESS)
}

/// What a component imports, in order.
fn imports(bytes: &[u8]) -> Vec<String> {
    let (mut found, mut depth) = (Vec::new(), 0_usize);
    // It was loaded, so it is well-formed.
    for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                found.extend(
                    section.into_iter().map_while(Result::ok).map(|import| import.name.name.to_owned()),
                );
            }
            _ => {}
        }
    }
    found
}

fn for_people(told: &Told) -> String {
    let Told { metadata, .. } = told;
    let mut parts = vec![
        format!("{} {}: {}", metadata.display_name, metadata.version, metadata.description),
        format!("{}, {} bytes, sha256 {}", told.file, told.bytes, told.sha256),
        format!("contract {}", told.contract),
        String::new(),
        table(
            &["field", "what it is", "kind", "needed"],
            told.fields.iter().map(|field| {
                let needed = match (field.required, field.secret) {
                    (true, true) => "required, secret",
                    (true, false) => "required",
                    (false, true) => "secret",
                    (false, false) => "",
                };
                vec![field.name.clone(), field.description.clone(), kind(&field.kind), needed.into()]
            }),
        ),
        table(&["reaches", "why", "allowed by"], reaches(told).into_iter()),
    ];
    match &told.resource_types {
        Ok(types) => parts.push(table(
            &["resource type", "name", "traits", "offers", "needs"],
            types.iter().map(|kind| {
                let traits: Vec<String> =
                    kind.traits.iter().map(|found| format!("{found:?}").to_lowercase()).collect();
                let offers = if kind.has_grants {
                    "grants"
                } else if kind.has_entitlements {
                    "entitlements"
                } else {
                    ""
                };
                vec![
                    kind.id.clone(),
                    kind.display_name.clone(),
                    traits.join(", "),
                    offers.into(),
                    kind.permissions.join(", "),
                ]
            }),
        )),
        Err(error) => parts.push(format!("resource types: {error}")),
    }
    let list = |title: &str, items: Vec<String>| match items.is_empty() {
        true => String::new(),
        false => format!("{title}\n{}", items.iter().map(|item| format!("  {item}\n")).collect::<String>()),
    };
    parts.push(list("cannot see:", metadata.cannot_see.iter().map(|spot| spot.message.clone()).collect()));
    parts.push(list("imports:", told.imports.clone()));
    parts.join("\n")
}

fn reaches(told: &Told) -> Vec<Vec<String>> {
    let metadata = &told.metadata;
    let urls = told.fields.iter().filter(|field| matches!(field.kind, FieldKind::Url));
    let mut rows: Vec<Vec<String>> = urls
        .map(|field| {
            vec![format!("GET {{{}}}", field.name), field.description.clone(), "the field's value".into()]
        })
        .collect();
    rows.extend(metadata.further_origins.iter().map(|further| {
        let flag = format!("--allow-origin {}", further.origin);
        vec![format!("GET {}", further.origin), further.reason.clone(), flag]
    }));
    rows.extend(metadata.further_requests.iter().map(|further| {
        let request = format!("{} {}", further.method, further.url);
        vec![request.clone(), further.reason.clone(), format!("--allow-write '{request}'")]
    }));
    rows
}

fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text => "text".into(),
        FieldKind::Url => "URL".into(),
        FieldKind::Integer => "integer".into(),
        FieldKind::Boolean => "true or false".into(),
        FieldKind::TextList => "texts with commas".into(),
        FieldKind::Choice(choices) => {
            let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
            format!("one of {}", values.join(", "))
        }
    }
}

fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    format!("{table}\n")
}
