//! From a good reply and a fault to what goes out instead.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::edit::Document;
use super::rate::refusal;
use super::script::{Script, Step};
use crate::api::Reply;
use crate::fault::FaultKind;

/// What goes out.
#[derive(Debug)]
pub(super) enum Answer {
    /// A reply that HTTP knows.
    Reply(Reply),
    /// Something for the wire itself, and the reply that it is a way of sending, if it is one.
    Script(Script, Option<Reply>),
}

const HTML: &str = "<!doctype html>\n<html><head><title>Sign in</title></head>\
    <body><h1>Gateway</h1><p>Please sign in to go on.</p></body></html>\n";

/// Applies a fault. `page` gives the reply for another page of the same list; `authorization` is what
/// the client sent. `None` when the fault cannot strike this reply.
pub(super) fn sabotage(
    kind: &FaultKind,
    mut reply: Reply,
    page: impl Fn(u64) -> Reply,
    authorization: &str,
) -> Option<Answer> {
    let millis = Duration::from_millis;
    let edited = |body: Option<Vec<u8>>, reply: Reply| {
        body.map(|body| Answer::Reply(Reply { body: body.into(), ..reply }))
    };
    match kind {
        FaultKind::Status { status, body, content_type } => {
            let mut answer = Reply::error(*status);
            if let Some(body) = body {
                answer.body = body.clone().into();
            }
            if content_type.is_some() {
                answer.set_header("content-type", content_type.clone());
            }
            Some(Answer::Reply(answer))
        }
        FaultKind::TooManyRequests { advice } => Some(Answer::Reply(refusal(429, *advice))),
        FaultKind::Busy { status, advice } => Some(Answer::Reply(refusal(*status, *advice))),
        FaultKind::Redirect { status, location } => {
            let mut answer = Reply::json(*status, "");
            answer.set_header("location", Some(location.clone()));
            Some(Answer::Reply(answer))
        }
        FaultKind::EchoToken { status } => {
            let message = format!("Authorization {authorization} was not accepted");
            let body = serde_json::json!({ "code": "unauthorized", "message": message });
            Some(Answer::Reply(Reply::json(*status, body.to_string())))
        }
        FaultKind::Refuse { for_ms } => {
            Some(Answer::Script(Script(vec![Step::Refuse(for_ms.map(millis))]), None))
        }
        FaultKind::Cut { phase, cut } => Some(Answer::Script(Script::cut(&reply, *phase, *cut), None)),
        FaultKind::Stall { phase, for_ms } => {
            let script = Script::stall(&reply, *phase, for_ms.map(millis));
            Some(Answer::Script(script, Some(reply)))
        }
        FaultKind::Drip { bytes, every_ms } => {
            let script = Script::drip(&reply, *bytes, millis(*every_ms));
            Some(Answer::Script(script, Some(reply)))
        }
        FaultKind::Length { more } => Some(Answer::Script(Script::length(&reply, *more), None)),
        FaultKind::Header { name, value } => {
            reply.set_header(name, value.clone());
            Some(Answer::Reply(reply))
        }
        FaultKind::Headers { count, bytes } => {
            reply.headers.extend((0..*count).map(|at| (format!("x-further-{at}"), "x".repeat(*bytes))));
            Some(Answer::Reply(reply))
        }
        FaultKind::Gzip => compressed(reply).map(Answer::Reply),
        FaultKind::CutGzip { keep_percent } => {
            let mut reply = compressed(reply)?;
            reply.body.truncate(kept(&reply, *keep_percent));
            Some(Answer::Reply(reply))
        }
        FaultKind::Bomb { bytes } => {
            let body = [&reply.body[..], &vec![b' '; *bytes]].concat();
            compressed(Reply { body: body.into(), ..reply }).map(Answer::Reply)
        }
        FaultKind::CutJson { keep_percent } => {
            reply.body.truncate(kept(&reply, *keep_percent));
            Some(Answer::Reply(reply))
        }
        FaultKind::Body { text } => Some(Answer::Reply(Reply { body: text.clone().into(), ..reply })),
        FaultKind::Html => {
            reply.set_header("content-type", Some("text/html; charset=utf-8".into()));
            Some(Answer::Reply(Reply { body: HTML.into(), ..reply }))
        }
        FaultKind::Set { pointer, json } => {
            edited(Document::parse(&reply.body)?.with_raw(pointer, json.as_bytes()), reply)
        }
        FaultKind::Remove { pointer } => edited(Document::parse(&reply.body)?.without(pointer), reply),
        FaultKind::Twice { pointer, json } => {
            edited(Document::parse(&reply.body)?.with_second(pointer, json), reply)
        }
        FaultKind::Deep { pointer, levels } => {
            let raw = "[".repeat(*levels) + &"]".repeat(*levels);
            edited(Document::parse(&reply.body)?.with_raw(pointer, raw.as_bytes()), reply)
        }
        FaultKind::Pad { bytes } => {
            let raw = format!("\"{}\"", "x".repeat(*bytes));
            edited(Document::parse(&reply.body)?.with_raw("/padding", raw.as_bytes()), reply)
        }
        FaultKind::InvalidUtf8 { pointer } => {
            let raw = b"\"\xc3\x28 \xff\xfe\"";
            edited(Document::parse(&reply.body)?.with_raw(pointer, raw), reply)
        }
        FaultKind::NextPage { step } => {
            let mut document = Document::parse(&reply.body)?;
            let next = document.number("current_page")?.saturating_add(*step);
            document.set_known("next_page", next);
            edited(document.write(), reply)
        }
        FaultKind::ItemsOfPage { page: other } => {
            let mut document = Document::parse(&reply.body)?;
            document.set_known("data", Document::parse(&page(*other).body)?.take_items());
            edited(document.write(), reply)
        }
        FaultKind::Endless => {
            let mut document = Document::parse(&reply.body)?;
            let at = document.number("current_page")?;
            let size = document.number("per_page")?;
            document.set_known("data", Document::parse(&page(1).body)?.take_items());
            document.set_known("next_page", at.saturating_add(1));
            document.set_known("total_pages", at.saturating_add(1));
            document.set_known("total_count", at.saturating_add(1).saturating_mul(size));
            edited(document.write(), reply)
        }
        FaultKind::Counts { total_count, total_pages } => {
            let mut document = Document::parse(&reply.body)?;
            document.number("total_count")?;
            for (key, value) in [("total_count", total_count), ("total_pages", total_pages)] {
                if let Some(value) = value {
                    document.set_known(key, *value);
                }
            }
            edited(document.write(), reply)
        }
        FaultKind::DropItem { index } => {
            let change = |items: &mut Vec<Value>| {
                let there = *index < items.len();
                if there {
                    items.remove(*index);
                }
                there
            };
            edited(Document::parse(&reply.body)?.with_items(change), reply)
        }
        FaultKind::RepeatItem { index } => {
            let change = |items: &mut Vec<Value>| match items.get(*index).cloned() {
                Some(item) => {
                    items.insert(*index, item);
                    true
                }
                None => false,
            };
            edited(Document::parse(&reply.body)?.with_items(change), reply)
        }
    }
}

/// So much of a reply's body.
fn kept(reply: &Reply, percent: u8) -> usize {
    reply.body.len() * usize::from(percent).min(100) / 100
}

/// A reply with its body compressed, as servers usually do it.
pub(super) fn compressed(mut reply: Reply) -> Option<Reply> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&reply.body).ok()?;
    reply.set_header("content-encoding", Some("gzip".into()));
    Some(Reply { body: encoder.finish().ok()?.into(), ..reply })
}
