//! The access token: asked for with a signed statement, kept, and renewed ahead of its end.
//!
//! One lock is held while a token is asked for, so that all calls which need one share the answer. A token is
//! renewed before it ends, by one call; the others go on with it meanwhile. When that fails it is used as long as it
//! holds, so a token endpoint that is down or slow for a moment disturbs nothing.

use std::time::{Duration, Instant, SystemTime};

use baton_host::clock;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use ring::rand::SecureRandom;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};
use tonic::body::Body;
use tonic::{Code, Status};

use crate::client::{self, Http};
use crate::identity::{ClientId, ClientSecret};

/// How long before its end a token is renewed at the latest: a call that begins with it must still arrive.
const LEAST_AHEAD: Duration = Duration::from_secs(10);
/// How long before its end a token that lives long is renewed.
const MOST_AHEAD: Duration = Duration::from_secs(60);
/// How far the clocks of the two sides may be apart.
const CLOCKS: u64 = 120;
/// The longest wait for an answer.
const ANSWER: Duration = Duration::from_secs(30);
/// The same, while there is a token that holds.
const ANSWER_AHEAD: Duration = Duration::from_secs(5);
/// The largest answer that is read. A token is a kilobyte or two.
const LARGEST: usize = 64 * 1024;

/// Asks for tokens and keeps the last one.
pub(super) struct Tokens {
    client: ClientId,
    secret: ClientSecret,
    url: String,
    kept: std::sync::Mutex<Option<Token>>,
    /// Held by the one who asks.
    asking: Mutex<()>,
}

#[derive(Clone)]
struct Token {
    authorization: HeaderValue,
    renew: Instant,
    end: Instant,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    expires_in: u64,
}

impl Tokens {
    /// Tokens for a client, from the endpoint on this host.
    pub fn new(client: ClientId, secret: ClientSecret, host: &str) -> Tokens {
        let url = format!("https://{host}/auth/v1/token");
        Tokens { client, secret, url, kept: std::sync::Mutex::new(None), asking: Mutex::new(()) }
    }

    /// The value of the `authorization` header of a call.
    pub async fn authorization(&self, http: &Http) -> Result<HeaderValue, Status> {
        let asking: MutexGuard<'_, ()> = match self.kept() {
            Some(token) if token.is_fresh() => return Ok(token.authorization),
            Some(token) if token.holds() => match self.asking.try_lock() {
                Ok(asking) => asking,
                Err(_) => return Ok(token.authorization),
            },
            _ => self.asking.lock().await,
        };
        // Somebody else may have had the answer while this one waited.
        let old = match self.kept() {
            Some(token) if token.is_fresh() => return Ok(token.authorization),
            other => other.filter(Token::holds),
        };
        let longest = if old.is_some() { ANSWER_AHEAD } else { ANSWER };
        let asked = tokio::time::timeout(longest, self.ask(http)).await;
        let asked = asked.unwrap_or_else(|_| Err(Status::unavailable("failed to get token: no answer")));
        let token = match (asked, old) {
            (Ok(token), _) => {
                self.keep(Some(token.clone()));
                token
            }
            (Err(status), Some(old)) => {
                tracing::warn!(error = status.message(), "the access token could not be renewed yet");
                old
            }
            (Err(status), None) => return Err(status),
        };
        drop(asking);
        Ok(token.authorization)
    }

    /// C1 did not take this token: do not use it again.
    pub fn refused(&self, authorization: &HeaderValue) {
        if self.kept().is_some_and(|token| token.authorization == authorization) {
            self.keep(None);
        }
    }

    fn kept(&self) -> Option<Token> {
        self.kept.lock().ok()?.clone()
    }

    fn keep(&self, token: Option<Token>) {
        if let Ok(mut kept) = self.kept.lock() {
            *kept = token;
        }
    }

    async fn ask(&self, http: &Http) -> Result<Token, Status> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", self.client.as_str())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", &self.assertion()?)
            .finish();
        let request = Request::post(&self.url)
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(http::header::USER_AGENT, concat!("baton-planetscale/", env!("CARGO_PKG_VERSION")))
            .body(Body::new(http_body_util::Full::from(form)))
            .map_err(|error| Status::internal(format!("failed to get token: {error}")))?;
        let asked = Instant::now();
        let reply = http.request(request).await.map_err(|error| unreachable(&error))?;
        let status = reply.status();
        if status != StatusCode::OK {
            return Err(Status::new(code_of(status), format!("failed to get token: {status}")));
        }
        let body = Limited::new(reply.into_body(), LARGEST).collect().await;
        let body = body.map_err(|error| unreachable(error.as_ref()))?.to_bytes();
        // What does not parse is not quoted: it may be a token.
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|_| Status::unauthenticated("failed to get token: the answer is no token"))?;
        Token::new(&answer, asked)
    }

    /// The statement that proves who asks.
    fn assertion(&self) -> Result<String, Status> {
        let mut nonce = [0; 16];
        ring::rand::SystemRandom::new()
            .fill(&mut nonce)
            .map_err(|_| Status::internal("failed to get token: the system gives no random bytes"))?;
        let now = clock::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut header = json!({ "alg": "EdDSA", "nonce": HEXLOWER.encode(&nonce) });
        if let Some(id) = self.secret.key_id() {
            header["kid"] = id.into();
        }
        let claims = json!({
            "iss": self.client.as_str(),
            "sub": self.client.as_str(),
            "aud": self.client.audience(),
            "iat": now,
            "nbf": now.saturating_sub(CLOCKS),
            "exp": now + CLOCKS,
        });
        let part = |value: &serde_json::Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = BASE64URL_NOPAD.encode(&self.secret.sign(signed.as_bytes()));
        Ok(format!("{signed}.{signature}"))
    }
}

impl Token {
    /// Whether it need not be renewed yet.
    fn is_fresh(&self) -> bool {
        Instant::now() < self.renew
    }

    /// Whether C1 takes it still.
    fn holds(&self) -> bool {
        Instant::now() < self.end
    }

    fn new(answer: &Answer, asked: Instant) -> Result<Token, Status> {
        if answer.access_token.is_empty() {
            return Err(Status::unauthenticated("failed to get token: the answer holds none"));
        }
        let scheme = match answer.token_type.as_str() {
            scheme if scheme.is_empty() || scheme.eq_ignore_ascii_case("bearer") => "Bearer",
            scheme => scheme,
        };
        let mut authorization = HeaderValue::from_str(&format!("{scheme} {}", answer.access_token))
            .map_err(|_| Status::unauthenticated("failed to get token: the answer is no token"))?;
        authorization.set_sensitive(true);
        let life = Duration::from_secs(answer.expires_in.min(86_400 * 365));
        let ahead = (life / 5).clamp(LEAST_AHEAD, MOST_AHEAD);
        Ok(Token { authorization, renew: asked + life.saturating_sub(ahead), end: asked + life })
    }
}

/// A token endpoint that is down for a moment is no reason to give up; one that says no is.
fn code_of(status: StatusCode) -> Code {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Code::Unavailable,
        status if status.is_server_error() => Code::Unavailable,
        _ => Code::Unauthenticated,
    }
}

fn unreachable(error: &(dyn std::error::Error + 'static)) -> Status {
    Status::unavailable(format!("failed to get token: {}", client::unreachable(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: &str, seconds: u64) -> Token {
        let answer = Answer { access_token: "t".into(), token_type: kind.into(), expires_in: seconds };
        Token::new(&answer, Instant::now()).expect("a token")
    }

    #[test]
    fn a_token_is_renewed_ahead_of_its_end() {
        for (life, ahead) in [(3_600, 60), (100, 20), (20, 10), (5, 5)] {
            let token = token("bearer", life);
            assert_eq!(token.end.duration_since(token.renew).as_secs(), ahead, "of {life} s");
        }
    }

    #[test]
    fn bearer_is_written_with_a_capital_letter_and_another_scheme_as_it_came() {
        for (kind, scheme) in [("bearer", "Bearer t"), ("", "Bearer t"), ("DPoP", "DPoP t")] {
            assert_eq!(token(kind, 60).authorization, scheme);
        }
    }

    #[test]
    fn an_empty_token_is_none() {
        let answer = Answer { access_token: String::new(), token_type: String::new(), expires_in: 60 };
        assert_eq!(Token::new(&answer, Instant::now()).err().map(|s| s.code()), Some(Code::Unauthenticated));
    }

    #[test]
    fn only_a_refusal_is_final() {
        assert_eq!(code_of(StatusCode::UNAUTHORIZED), Code::Unauthenticated);
        assert_eq!(code_of(StatusCode::BAD_REQUEST), Code::Unauthenticated);
        assert_eq!(code_of(StatusCode::SERVICE_UNAVAILABLE), Code::Unavailable);
    }
}
