//! `Idempotency-Key`: a request that is sent again takes effect once.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use uuid::Uuid;

use super::{Body, Who};
use crate::app::Api;
use crate::trouble::Trouble;

const HEADER: &str = "idempotency-key";
const KEY_CHARS_MAX: usize = 255;

/// A JSON body with the command that its key stands for.
#[derive(Debug)]
pub struct Once<T> {
    pub value: T,
    pub command: Option<Uuid>,
    claim: Option<(String, String)>,
}

impl<T: serde::de::DeserializeOwned + Send> FromRequest<Api> for Once<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Trouble> {
        let (parts, body) = request.into_parts();
        let key = key(&parts.headers)?;
        let Some(key) = key else {
            let Body(value) = Body::from_request(Request::from_parts(parts, body), api).await?;
            return Ok(Self { value, command: None, claim: None });
        };
        let who = parts.extensions.get::<Who>().cloned().unwrap_or(Who::Nobody);
        let actor = who.by()?.actor_id();
        let bytes = axum::body::to_bytes(body, crate::BODY_BYTES_MAX).await.map_err(|_| Trouble::TooLarge)?;
        let mut content = format!("{} {}\n", parts.method, parts.uri.path()).into_bytes();
        content.extend_from_slice(&bytes);
        let Body(value) = Body::from_request(Request::from_parts(parts, bytes.into()), api).await?;
        let command = api.office.command_of_key(&actor, &key, &content).await?;
        Ok(Self { value, command: Some(command), claim: Some((actor, key)) })
    }
}

impl<T> Once<T> {
    /// The value, and what is needed to let the key go if nothing comes of it.
    pub fn open(self) -> (T, Option<Uuid>, Claim) {
        (self.value, self.command, Claim(self.claim))
    }
}

#[derive(Debug)]
pub struct Claim(Option<(String, String)>);

impl Claim {
    /// A refusal had no effect, so the key may come again with something else. After a fault nobody knows.
    pub async fn settle<T>(self, api: &Api, done: Result<T, Trouble>) -> Result<T, Trouble> {
        if let (Err(trouble), Some((actor, key))) = (&done, self.0)
            && trouble.had_no_effect()
        {
            api.office.release_key(&actor, &key).await?;
        }
        done
    }
}

/// The key of a request, if it has one.
pub fn key(headers: &HeaderMap) -> Result<Option<String>, Trouble> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Trouble::Key)?.trim().trim_matches('"');
    let fits = (1..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(Some(text.to_owned())) } else { Err(Trouble::Key) }
}
