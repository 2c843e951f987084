//! Bodies, queries and paths, each refused in the same form when it cannot be read.

use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use futures_util::StreamExt as _;
use office::{Attachment, By, OfficeError};
use serde::de::DeserializeOwned;

use crate::app::Api;
use crate::trouble::Trouble;

const NAME_CHARS_MAX: usize = 200;

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        // Read as an object first: a list would pass for one whose members have no names.
        match axum::Json::<Object<T>>::from_request(request, state).await {
            Ok(axum::Json(Object(value))) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Trouble::MediaType),
            Err(JsonRejection::BytesRejection(BytesRejection::FailedToBufferBody(_))) => {
                Err(Trouble::TooLarge)
            }
            Err(rejection) => Err(Trouble::Body(said(&rejection))),
        }
    }
}

/// A value that is written as a JSON object and in no other way.
struct Object<T>(T);

impl<'de, T: DeserializeOwned> serde::Deserialize<'de> for Object<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(std::marker::PhantomData<T>);

        impl<'de, T: DeserializeOwned> serde::de::Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: serde::de::MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
                T::deserialize(serde::de::value::MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_map(Members(std::marker::PhantomData)).map(Self)
    }
}

/// What follows the question mark.
#[derive(Debug)]
pub struct Ask<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Ask<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Trouble::Query(said(&rejection))),
        }
    }
}

/// The named parts of the path.
#[derive(Debug)]
pub struct Place<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Place<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(OfficeError::NotFound.into()),
        }
    }
}

/// The innermost cause says what is wrong and where.
fn said(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

/// A file as the whole body.
#[derive(Debug)]
pub struct File(axum::body::BodyDataStream);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Trouble;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Trouble> {
        Ok(Self(request.into_body().into_data_stream()))
    }
}

impl File {
    /// All of it at once.
    pub async fn bytes(self, most: usize) -> Result<Vec<u8>, Trouble> {
        let body = axum::body::Body::from_stream(self.0);
        Ok(axum::body::to_bytes(body, most).await.map_err(|_| Trouble::TooLarge)?.to_vec())
    }

    /// Stores it, chunk by chunk; what it is, its bytes say.
    pub async fn keep(mut self, api: &Api, name: &str, by: By<'_>) -> Result<Attachment, Trouble> {
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(Trouble::Query(format!("name: {NAME_CHARS_MAX}")));
        }
        let limit = api.settings.upload_bytes_max as u64;
        let mut upload = api.office.begin_upload(limit, by).await?;
        while let Some(chunk) = self.0.next().await {
            upload.write(&chunk.map_err(|_| Trouble::TooLarge)?).await?;
        }
        Ok(api.office.finish_upload(upload, name, by).await?)
    }
}
