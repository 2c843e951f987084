//! What requests carry, before a handler sees it: forms are taken whole, few and small; files stream, at a pace; and all that
//! is being taken at one moment fits a bound.

mod pace;
mod parts;

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fault::Failure;
use pace::{Ended, Pace, Paced};

/// Form and JSON bodies may be this large; uploads have their own limit.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A form has some hundred controls at the most, each row of a table some more.
const PAIRS_MAX: usize = 4_000;
/// Of all bodies that are held in memory at one moment. What handlers make of them may be ten times as much.
const HELD_BYTES_MAX: usize = 16 * 1024 * 1024;
const PERMIT_BYTES: usize = 1024;

/// Room for bodies.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(HELD_BYTES_MAX / PERMIT_BYTES)))
    }
}

/// What goes on while a request is answered that carries something.
#[derive(Debug, Default)]
pub struct Taken {
    _room: Option<OwnedSemaphorePermit>,
    ended: Option<Arc<Ended>>,
    /// What a form carried, to be shown again if it is refused.
    form: Option<Bytes>,
    /// Some of it is no text.
    unreadable: bool,
}

impl Taken {
    /// Why the body broke off, which a handler could only call unreadable.
    pub fn failure(&self) -> Option<Failure> {
        self.ended.as_ref()?.failure()
    }

    /// Why no handler gets to see it: a form is read as UTF-8, and one that is not would be kept with signs that nobody wrote.
    pub fn refusal(&self) -> Option<Failure> {
        self.unreadable.then_some(Failure::Letters)
    }

    pub fn form(&self) -> Option<&Bytes> {
        self.form.as_ref()
    }
}

/// Takes what a request carries, or puts a watch on it.
pub async fn take(request: Request, room: &Room) -> Result<(Request, Taken), Failure> {
    if request.body().is_end_stream() {
        return Ok((request, Taken::default()));
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    let is = |wanted: &str| kind.get(..wanted.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    if is("application/x-www-form-urlencoded") || is("application/json") {
        let is_form = is("application/x-www-form-urlencoded");
        let (head, body) = request.into_parts();
        let (bytes, held) = whole(body, room).await?;
        if is_form && memchr::memchr_iter(b'&', &bytes).count() >= PAIRS_MAX {
            return Err(Failure::TextTooLarge);
        }
        let form = is_form.then(|| bytes.clone());
        let unreadable = is_form && !is_text(&bytes);
        let taken = Taken { _room: held, ended: None, form, unreadable };
        return Ok((Request::from_parts(head, Body::from(bytes)), taken));
    }
    let boundary = is("multipart/").then(|| parts::boundary(kind)).flatten();
    let ended = Arc::new(Ended::default());
    let watched = ended.clone();
    let request = request.map(|body| Body::new(Paced::new(body, boundary.as_deref(), watched)));
    Ok((request, Taken { ended: Some(ended), ..Taken::default() }))
}

/// Whether what a form or an address carries is UTF-8 once its percent signs are read.
pub fn is_text(carried: &[u8]) -> bool {
    percent_encoding::percent_decode(carried).decode_utf8().is_ok()
}

async fn whole(body: Body, room: &Room) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Failure> {
    if body.size_hint().lower() > BODY_BYTES_MAX as u64 {
        return Err(Failure::TextTooLarge);
    }
    let mut body = std::pin::pin!(body);
    let mut pace = Pace::new();
    let (mut first, mut all, mut held): (_, Vec<u8>, Option<OwnedSemaphorePermit>) =
        (Bytes::new(), Vec::new(), None);
    loop {
        let next = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx));
        let frame = match tokio::time::timeout_at(pace.next_by(), next).await {
            Err(_) => return Err(Failure::Slow),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Failure::BadRequest),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else { continue };
        pace.came(piece.len());
        if pace.bytes() > BODY_BYTES_MAX as u64 {
            return Err(Failure::TextTooLarge);
        }
        let wanted = u32::try_from(piece.len().div_ceil(PERMIT_BYTES)).unwrap_or(u32::MAX);
        let more = room.0.clone().try_acquire_many_owned(wanted).map_err(|_| Failure::Busy)?;
        match &mut held {
            Some(held) => held.merge(more),
            None => held = Some(more),
        }
        // Most forms come in one piece, which need not be copied.
        if first.is_empty() && all.is_empty() {
            first = piece;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&std::mem::take(&mut first));
            }
            all.extend_from_slice(&piece);
        }
    }
    Ok((if all.is_empty() { first } else { all.into() }, held))
}
