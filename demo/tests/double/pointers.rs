//! Faults inside the JSON, at a place that a pointer names.

use baton_planetscale_demo::FaultKind;
use serde_json::{Value, json};

use crate::client::{MEMBERS, broken, get};

fn text(kind: FaultKind) -> String {
    String::from_utf8_lossy(&get(&broken(kind), MEMBERS).body).into_owned()
}

#[test]
fn a_field_takes_a_null_another_type_or_a_number_too_large() {
    let set = |pointer: &str, json: &str| FaultKind::Set { pointer: pointer.into(), json: json.into() };
    let page: Value = serde_json::from_str(&text(set("/data/1/role", "null"))).unwrap();
    assert_eq!((&page["data"][1]["role"], &page["data"][0]["role"]), (&Value::Null, &json!("admin")));
    let page: Value = serde_json::from_str(&text(set("/data/-/user", "[1]"))).unwrap();
    assert_eq!(page["data"][2]["user"], json!([1]));
    let huge = "9".repeat(400);
    assert!(text(set("/total_count", &huge)).contains(&format!("\"total_count\":{huge}")));
    assert!(text(set("/data/0/user/id", r#""\ud800""#)).contains(r#""id":"\ud800""#));
    assert!(text(set("/data/0/news", "{}")).contains(r#""news":{}"#));
}

#[test]
fn a_field_is_missing_or_comes_twice() {
    let remove = |pointer: &str| FaultKind::Remove { pointer: pointer.into() };
    let page: Value = serde_json::from_str(&text(remove("/data/0/user/email"))).unwrap();
    assert!(page["data"][0]["user"].get("email").is_none());
    assert!(page["data"][1]["user"].get("email").is_some());
    let twice = FaultKind::Twice { pointer: "/data/0/role".into(), json: r#""member""#.into() };
    let text = text(twice);
    let first_item = &text[..text.find("\"user\"").max(text.find("},{")).unwrap()];
    assert_eq!(first_item.matches("\"role\":").count(), 2, "{first_item}");
}

#[test]
fn depth_size_and_bytes_without_meaning() {
    let deep = text(FaultKind::Deep { pointer: "/data/0/deep".into(), levels: 10_000 });
    assert!(deep.contains(&"[".repeat(10_000)));
    let large = text(FaultKind::Pad { bytes: 17 << 20 });
    assert!(large.len() > 17 << 20);
    let server = broken(FaultKind::InvalidUtf8 { pointer: "/data/0/user/name".into() });
    assert!(std::str::from_utf8(&get(&server, MEMBERS).body).is_err());
}

#[test]
fn a_pointer_that_leads_nowhere_strikes_nothing() {
    let server = broken(FaultKind::Remove { pointer: "/data/9/user".into() });
    assert_eq!(get(&server, MEMBERS).json()["data"].as_array().unwrap().len(), 3);
    assert_eq!(server.struck(), [0]);
}
