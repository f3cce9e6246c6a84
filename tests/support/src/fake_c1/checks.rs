//! What C1 refuses: the rules of the protocol's fields, and a token request that proves nothing.

use std::collections::HashMap;

use baton_service::messages::{FinishTaskRequest, HelloRequest, OsInfo};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use super::options::CLIENT_ID;
use super::seen::Upload;

/// What is wrong with a host's name for itself.
pub(super) fn host(id: &str) -> Result<(), String> {
    if id.is_empty() || id.len() > 256 { Err(format!("host_id of {} bytes", id.len())) } else { Ok(()) }
}

/// What is wrong with a task's id.
pub(super) fn task(id: &str) -> Result<(), String> {
    let good = id.len() == 27 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if good { Ok(()) } else { Err(format!("task_id {id:?}")) }
}

pub(super) fn hello(hello: &HelloRequest) -> Result<(), String> {
    host(&hello.host_id)?;
    if !hello.task_id.is_empty() {
        task(&hello.task_id)?;
    }
    let build = hello.build_info.as_ref().ok_or("no build_info")?;
    let OsInfo {
        hostname,
        os,
        platform,
        platform_version,
        platform_family,
        kernel_version,
        kernel_arch,
        virtualization_system,
    } = hello.os_info.as_ref().ok_or("no os_info")?;
    let texts = [
        hostname,
        os,
        platform,
        platform_version,
        platform_family,
        kernel_version,
        kernel_arch,
        virtualization_system,
        &build.lang_version,
        &build.package,
        &build.package_version,
    ];
    if texts.iter().any(|text| text.is_empty() || text.len() > 256) {
        return Err(format!("an empty or long fact in {texts:?}"));
    }
    let metadata = hello.connector_metadata.as_ref().ok_or("no connector_metadata")?;
    let good = !metadata.display_name.is_empty()
        && (metadata.help_url.is_empty() || metadata.help_url.starts_with("https://"));
    if good { Ok(()) } else { Err("connector_metadata".into()) }
}

pub(super) fn finish(finish: &FinishTaskRequest) -> Result<(), String> {
    host(&finish.host_id)?;
    task(&finish.task_id)?;
    finish.final_state.as_ref().map(|_| ()).ok_or_else(|| "no final_state".to_owned())
}

/// What is wrong with a whole upload.
pub(super) fn upload(upload: &Upload, checksum: &[u8]) -> Result<(), String> {
    host(&upload.host_id)?;
    task(&upload.task_id)?;
    if let Some(size) = upload.parts.iter().find(|size| !(1..=1_048_576).contains(*size)) {
        return Err(format!("a part of {size} bytes"));
    }
    let sum = ring::digest::digest(&ring::digest::SHA256, &upload.bytes);
    if sum.as_ref() == checksum { Ok(()) } else { Err("another checksum".into()) }
}

/// What is wrong with a token request.
pub(super) fn token(form: &HashMap<String, String>, public: &[u8]) -> Result<(), String> {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let expected = [
        ("client_id", CLIENT_ID),
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ];
    for (name, value) in expected {
        if field(name) != value {
            return Err(format!("{name} is {:?}", field(name)));
        }
    }
    let (signed, signature) = field("client_assertion").rsplit_once('.').ok_or("no JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("no JWT")?;
    let bytes = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|error| error.to_string());
    ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, public)
        .verify(signed.as_bytes(), &bytes(signature)?)
        .map_err(|_| "a false signature")?;
    let json = |part: &str| -> Result<Value, String> {
        serde_json::from_slice(&bytes(part)?).map_err(|error| error.to_string())
    };
    let (header, claims) = (json(header)?, json(claims)?);
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_err(|e| e.to_string())?;
    let now = now.as_secs();
    let number = |name: &str| claims.get(name).and_then(Value::as_u64).unwrap_or_default();
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let good = text(&header, "alg") == "EdDSA"
        && text(&header, "nonce").len() == 32
        && header.get("typ").is_none()
        && text(&claims, "iss") == CLIENT_ID
        && text(&claims, "sub") == CLIENT_ID
        && text(&claims, "aud") == "acme.conductor.one"
        && number("nbf") <= now
        && number("exp") > now
        && number("exp") - number("nbf") == 240
        && number("iat").abs_diff(now) < 60;
    if good { Ok(()) } else { Err(format!("a statement of {header} and {claims}")) }
}
