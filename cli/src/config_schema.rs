//! What the connector is configured with, as JSON: the message `Configuration`, from which C1 builds a form and
//! catalogs keep the connector's part as `config_schema.json`. First come the fields for whoever operates a
//! connector, the same for all of them, then the connector's own in the order of its schema.

use baton_host::contract::{ConfigField, ConnectorMetadata, FieldKind};
use serde_json::{Map, Value, json};

/// The operator's fields: name, label, what it is, and the value's shape.
fn of_operator() -> [(&'static str, &'static str, &'static str, Value); 13] {
    let text = |default: &str| match default {
        "" => json!({ "stringField": {} }),
        default => json!({ "stringField": { "defaultValue": default } }),
    };
    let bool = || json!({ "boolField": {} });
    let number = |default: &str| json!({ "intField": { "defaultValue": default } });
    let timeout = json!({ "intField": { "defaultValue": "300", "rules": { "lte": "1800", "gte": "1" } } });
    [
        ("log-level", "Log level", "The log level: debug, info, warn, error", text("info")),
        ("log-level-debug-expires-at", "Debug until", "After this moment (RFC 3339) debug is info", text("")),
        (
            "session-store-maximum-size",
            "Session store size",
            "The largest size of the session store, in bytes",
            number("15728640"),
        ),
        ("otel-collector-endpoint", "OTLP endpoint", "Without effect: no traces or logs are sent", text("")),
        ("otel-collector-endpoint-tls-cert-path", "OTLP certificate file", "Without effect", text("")),
        ("otel-collector-endpoint-tls-cert", "OTLP certificate", "Without effect", text("")),
        ("otel-collector-endpoint-tls-insecure", "OTLP without TLS", "Without effect", bool()),
        ("otel-tracing-disabled", "No traces", "Without effect: none are sent", bool()),
        ("otel-logging-disabled", "No logs", "Without effect: none are sent", bool()),
        ("health-check", "Health checks", "Answer health checks", bool()),
        ("health-check-port", "Health check port", "The port for health checks", number("8081")),
        (
            "health-check-bind-address",
            "Health check address",
            "The address for health checks",
            text("127.0.0.1"),
        ),
        ("http-timeout-seconds", "HTTP timeout", "The limit of one HTTP request, in seconds", timeout),
    ]
}

/// The JSON, without a newline at its end.
pub fn json(metadata: &ConnectorMetadata, schema: &[ConfigField]) -> String {
    let operator = of_operator().into_iter().map(|(name, label, description, value)| {
        let mut field =
            json!({ "name": name, "displayName": label, "description": description, "isOps": true });
        extend(&mut field, value);
        field
    });
    let fields: Vec<Value> = operator.chain(schema.iter().map(field)).collect();
    let mut whole = json!({ "fields": fields, "displayName": metadata.display_name });
    for (key, value) in [("helpUrl", &metadata.documentation_url), ("iconUrl", &metadata.icon_url)] {
        if let Some(value) = value {
            extend(&mut whole, json!({ key: value }));
        }
    }
    format!("{whole:#}")
}

fn field(from: &ConfigField) -> Value {
    let mut field = json!({
        "name": from.name,
        "displayName": from.display_name,
        "description": from.description,
    });
    if let Some(placeholder) = &from.placeholder {
        extend(&mut field, json!({ "placeholder": placeholder }));
    }
    // protojson leaves out what is false.
    for (key, on) in [("isRequired", from.required), ("isSecret", from.secret)] {
        if on {
            extend(&mut field, json!({ key: true }));
        }
    }
    let mut rules = Map::new();
    if from.required && from.kind != FieldKind::Boolean {
        rules.insert("isRequired".into(), true.into());
    }
    if let FieldKind::Choice(choices) = &from.kind {
        let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
        rules.insert("in".into(), json!(values));
    }
    let mut value = Map::new();
    if !rules.is_empty() {
        value.insert("rules".into(), rules.into());
    }
    let key = match &from.kind {
        FieldKind::Text | FieldKind::Url | FieldKind::Choice(_) => "stringField",
        FieldKind::Integer => "intField",
        FieldKind::Boolean => "boolField",
        FieldKind::TextList => "stringSliceField",
    };
    if let ("stringField", Some(suggested)) = (key, &from.suggested_value) {
        value.insert("suggestedValue".into(), json!(suggested));
    }
    extend(&mut field, json!({ key: value }));
    field
}

fn extend(to: &mut Value, with: Value) {
    if let (Value::Object(to), Value::Object(with)) = (to, with) {
        to.extend(with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_host::contract::Choice;

    #[test]
    fn the_operators_fields_come_first_and_the_connectors_follow_in_order() {
        let metadata = ConnectorMetadata {
            display_name: "Acme".into(),
            version: "1.0.0".into(),
            description: "Reads Acme.".into(),
            documentation_url: Some("/docs/baton/acme".into()),
            icon_url: None,
            request_limits: vec![],
            further_origins: vec![],
            further_requests: vec![],
            credential_headers: vec![],
            cannot_see: vec![],
        };
        let field = |name: &str, kind, secret: bool, suggested: Option<&str>| ConfigField {
            name: name.into(),
            display_name: name.into(),
            description: "What it is.".into(),
            placeholder: secret.then(|| "id:token".into()),
            suggested_value: suggested.map(str::to_owned),
            kind,
            required: true,
            secret,
        };
        let choice = |value: &str| Choice { value: value.into(), display_name: value.to_uppercase() };
        let schema = [
            field("acme-token", FieldKind::Text, true, None),
            field("acme-url", FieldKind::Url, false, Some("https://acme.example")),
            field("acme-region", FieldKind::Choice(["eu", "us"].map(choice).into()), false, None),
        ];
        let read: Value = serde_json::from_str(&json(&metadata, &schema)).expect("JSON");
        let names: Vec<&str> = read["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|field| field["name"].as_str())
            .collect();
        assert_eq!(names.first(), Some(&"log-level"));
        let own = ["http-timeout-seconds", "acme-token", "acme-url", "acme-region"];
        assert_eq!(names.get(12..), Some(&own[..]));
        assert_eq!(
            read["fields"][13],
            json!({
                "name": "acme-token", "displayName": "acme-token", "description": "What it is.",
                "placeholder": "id:token", "isRequired": true, "isSecret": true,
                "stringField": { "rules": { "isRequired": true } },
            })
        );
        assert_eq!(read["fields"][14]["stringField"]["suggestedValue"], "https://acme.example");
        let rules = json!({ "isRequired": true, "in": ["eu", "us"] });
        assert_eq!(read["fields"][15]["stringField"], json!({ "rules": rules }));
        assert_eq!((&read["displayName"], &read["helpUrl"]), (&json!("Acme"), &json!("/docs/baton/acme")));
        assert_eq!(read.get("iconUrl"), None);
    }
}
