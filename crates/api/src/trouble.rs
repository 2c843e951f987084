//! Problem details (RFC 9457) for everything that was not done: what happened, and what to do next, in the reader's language.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use diagnostic::Lang;
use office::{NotPossible, OfficeError, Scope};
use serde::Serialize;
use utoipa::ToSchema;

/// Why nothing was done. Becomes a response through the frame round every request.
#[derive(Debug)]
pub enum Trouble {
    Office(OfficeError),
    NoToken,
    WrongToken,
    Scope(Scope),
    NoRoute,
    Method,
    Query(String),
    Cursor,
    Key,
    Body(String),
    MediaType,
    TooLarge,
    TooMany,
    CrossSite,
    /// An answer of a form that cannot be read: field and what is wrong with it, in both languages.
    Answers(Vec<(String, diagnostic::Bilingual)>),
}

impl From<OfficeError> for Trouble {
    fn from(error: OfficeError) -> Self {
        Self::Office(error)
    }
}

/// What a program is told when nothing was done (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; opens its explanation.
    #[schema(format = "uri")]
    pub r#type: String,
    /// The kind in words.
    pub title: String,
    pub status: u16,
    /// What happened here, and what to do next.
    pub detail: String,
    /// The kind for programs. Stays as it is.
    pub code: String,
    /// Under which the log of the server has the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The article of law on which a refusal rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statute: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemAt>,
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemAt {
    /// The field of the form; none where the request as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub detail: String,
}

/// Travels with a response until the frame writes it down in the reader's language.
#[derive(Clone, Debug)]
struct Told {
    kind: Kind,
    detail: [Option<String>; 2],
    code: Option<&'static str>,
    statute: Option<String>,
    errors: Vec<(Option<String>, [String; 2])>,
    incident: Option<String>,
    refusal: Option<office::Refused>,
}

/// A kind of problem: status, code, title and what to do next, in both languages.
#[derive(Clone, Copy, Debug)]
struct Kind(StatusCode, &'static str, [&'static str; 2], [&'static str; 2]);

const UNAUTHENTICATED: Kind = Kind(
    StatusCode::UNAUTHORIZED,
    "unauthenticated",
    ["需要令牌", "A token is needed"],
    [
        "请在 Authorization: Bearer 中带上令牌；令牌在“我的账号”页面生成。",
        "Send a token in Authorization: Bearer; tokens are made on the page \"My account\".",
    ],
);
const WRONG_TOKEN: Kind = Kind(
    StatusCode::UNAUTHORIZED,
    "wrong-token",
    ["令牌无效", "The token opens nothing"],
    [
        "令牌不对、已过期或已收回。请生成新的令牌。",
        "It is wrong, has expired or was taken back. Make a new one.",
    ],
);
const SCOPE: Kind = Kind(
    StatusCode::FORBIDDEN,
    "scope-missing",
    ["令牌没有这项权限", "The token lacks this right"],
    ["请生成带有所需权限的令牌：", "Make a token with the right that is needed: "],
);
const DENIED: Kind = Kind(
    StatusCode::FORBIDDEN,
    "forbidden",
    ["无权办理", "Not yours to do or see"],
    [
        "这个账号不能看或办这件事。请换一个账号的令牌。",
        "This account may not see or do it. Use the token of one that may.",
    ],
);
const CROSS_SITE: Kind = Kind(
    StatusCode::FORBIDDEN,
    "cross-site",
    ["来自其他网站的请求", "A request from another site"],
    ["浏览器中的其他网站不能调用这个接口。", "Pages of other sites cannot use this interface."],
);
const NOT_FOUND: Kind = Kind(
    StatusCode::NOT_FOUND,
    "not-found",
    ["没有找到", "No such thing"],
    [
        "没有这个内容，或者它不属于这个账号。请核对编号。",
        "There is none, or it is not this account's. Check the number.",
    ],
);
const METHOD: Kind = Kind(
    StatusCode::METHOD_NOT_ALLOWED,
    "method-not-allowed",
    ["不支持这种方法", "This method does not fit"],
    ["请看 Allow 头列出的方法。", "The header Allow lists the methods that do."],
);
const STALE: Kind = Kind(
    StatusCode::CONFLICT,
    "stale",
    ["内容已被改动", "Somebody changed it"],
    [
        "期间有人改动过。请重新读取后再试；没有丢失任何内容。",
        "It changed in the meantime. Read it again and repeat; nothing is lost.",
    ],
);
const USED: Kind = Kind(
    StatusCode::CONFLICT,
    "command-used",
    ["这个命令编号已用过", "The id of the command was used"],
    ["请换一个新的编号再发送。", "Send this with a new one."],
);
const REFUSED: Kind = Kind(
    StatusCode::UNPROCESSABLE_ENTITY,
    "refused",
    ["现在不能这样办", "This cannot be done now"],
    ["请按原因处理后再试。", "See to the reason, then try again."],
);
const QUERY: Kind = Kind(
    StatusCode::BAD_REQUEST,
    "bad-query",
    ["参数不对", "A parameter does not fit"],
    ["请按接口说明改正参数。", "Put it right as the description says."],
);
const CURSOR: Kind = Kind(
    StatusCode::BAD_REQUEST,
    "bad-cursor",
    ["游标不对", "The cursor does not fit"],
    [
        "请用同一个列表给出的 next_cursor，或者从第一页开始。",
        "Use the next_cursor of the same list, or begin with its first page.",
    ],
);
const KEY: Kind = Kind(
    StatusCode::BAD_REQUEST,
    "bad-key",
    ["Idempotency-Key 不对", "The Idempotency-Key does not fit"],
    ["键是 1 到 255 个可见的 ASCII 字符。", "A key has 1 to 255 visible ASCII characters."],
);
const BODY: Kind = Kind(
    StatusCode::BAD_REQUEST,
    "bad-body",
    ["请求内容不对", "The body does not fit"],
    ["请按接口说明改正 JSON 内容。", "Put the JSON right as the description says."],
);
const MEDIA_TYPE: Kind = Kind(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "media-type",
    ["内容类型不对", "The media type does not fit"],
    ["请发送 Content-Type: application/json。", "Send Content-Type: application/json."],
);
const TOO_LARGE: Kind = Kind(
    StatusCode::PAYLOAD_TOO_LARGE,
    "too-large",
    ["内容太大", "The body is too large"],
    ["请发送小一些的内容。", "Send a smaller one."],
);
const TOO_MANY: Kind = Kind(
    StatusCode::TOO_MANY_REQUESTS,
    "too-many-requests",
    ["请求太频繁", "Too many requests"],
    ["请等 Retry-After 头所说的秒数后再试。", "Come back after the seconds in the header Retry-After."],
);
const ANSWERS: Kind = Kind(
    StatusCode::UNPROCESSABLE_ENTITY,
    "answers",
    ["有的回答不能用", "Some answers cannot be used"],
    ["请按 errors 逐项改正。", "Put right what errors names."],
);
const AWAY: Kind = Kind(
    StatusCode::SERVICE_UNAVAILABLE,
    "store-away",
    ["暂时存不下新的内容", "Nothing can be saved for the moment"],
    [
        "这次没有生效，已经保存的内容没有丢失。请几分钟后用同一个 Idempotency-Key 再试。",
        "It did not take effect, and nothing that was saved is lost. Repeat in some minutes with the same Idempotency-Key.",
    ],
);
const CROWDED: Kind = Kind(
    StatusCode::SERVICE_UNAVAILABLE,
    "crowded",
    ["存储空间快满了", "Little room is left"],
    ["请过一会儿再试。", "Try again later."],
);
/// What fills a disk or keeps a database away is rarely over sooner.
const AWAY_SECONDS: u64 = 60;
const FAULT: Kind = Kind(
    StatusCode::INTERNAL_SERVER_ERROR,
    "fault",
    ["服务器出了问题", "The server failed"],
    [
        "不是您的错，已经保存的内容没有丢失。请用同一个 Idempotency-Key 再试。",
        "It was not your doing, and nothing that was saved is lost. Repeat with the same Idempotency-Key.",
    ],
);

impl Trouble {
    /// Whether it is certain that nothing took effect.
    pub fn had_no_effect(&self) -> bool {
        !matches!(self, Self::Office(OfficeError::Fault(_)))
    }

    fn kind(&self) -> Kind {
        match self {
            Self::NoToken => UNAUTHENTICATED,
            Self::WrongToken => WRONG_TOKEN,
            Self::Scope(_) => SCOPE,
            Self::NoRoute | Self::Office(OfficeError::NotFound) => NOT_FOUND,
            Self::Method => METHOD,
            Self::Query(_) => QUERY,
            Self::Cursor => CURSOR,
            Self::Key => KEY,
            Self::Body(_) => BODY,
            Self::MediaType => MEDIA_TYPE,
            Self::TooLarge => TOO_LARGE,
            Self::TooMany | Self::Office(OfficeError::Wait { .. } | OfficeError::Enough(_)) => TOO_MANY,
            Self::Office(OfficeError::Crowded) => CROWDED,
            Self::CrossSite => CROSS_SITE,
            Self::Answers(_) | Self::Office(OfficeError::Unfit(_)) => ANSWERS,
            Self::Office(OfficeError::Denied) => DENIED,
            Self::Office(OfficeError::Stale) => STALE,
            Self::Office(OfficeError::NotPossible(NotPossible::CommandUsed)) => USED,
            Self::Office(OfficeError::Refused(_) | OfficeError::Hall(_) | OfficeError::NotPossible(_)) => {
                REFUSED
            }
            Self::Office(error) if error.is_passing() => AWAY,
            Self::Office(_) => FAULT,
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let kind = self.kind();
        let mut response = kind.0.into_response();
        let challenge = match &self {
            Self::NoToken => Some("Bearer realm=\"api\"".to_owned()),
            Self::WrongToken => Some("Bearer realm=\"api\", error=\"invalid_token\"".to_owned()),
            Self::Scope(scope) => Some(format!(
                "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"{}\"",
                scope.code()
            )),
            _ => None,
        };
        if let Some(value) = challenge.and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        if let Self::Office(error) = &self
            && let Some(minutes) = error.wait_minutes()
        {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        }
        if kind.0 == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(AWAY_SECONDS));
        }
        let incident = (kind.0 == StatusCode::INTERNAL_SERVER_ERROR).then(|| {
            let incident = next_incident();
            if let Self::Office(error) = &self {
                tracing::error!(incident, cause = %error, "a request could not be answered");
            }
            incident
        });
        let detail = match &self {
            Self::Office(error) => [error.message(Lang::Zh), error.message(Lang::En)],
            Self::Scope(scope) => SCOPE.3.map(|text| Some(format!("{text}{}", scope.code()))),
            _ => [None, None],
        };
        let refusal = match &self {
            Self::Office(error) => error.refused(),
            _ => None,
        };
        let (code, statute) = match (&self, &refusal) {
            (_, Some(refusal)) => (Some(refusal.code()), refusal.statute().map(str::to_owned)),
            (Self::Office(OfficeError::NotPossible(reason)), None) => (Some(reason.code()), None),
            _ => (None, None),
        };
        let errors = match self {
            Self::Query(text) | Self::Body(text) => vec![(None, [text.clone(), text])],
            Self::Office(OfficeError::Unfit(problems)) => problems
                .into_iter()
                .map(|problem| {
                    let text = [problem.text.zh.to_string(), problem.text.en.to_string()];
                    (Some(problem.field.to_string()), text)
                })
                .collect(),
            Self::Answers(problems) => problems
                .into_iter()
                .map(|(field, text)| (Some(field), [text.zh.to_string(), text.en.to_string()]))
                .collect(),
            _ => Vec::new(),
        };
        response.extensions_mut().insert(Told { kind, detail, code, statute, errors, incident, refusal });
        response
    }
}

/// Writes down what went wrong, if something did.
pub fn told(mut response: Response, lang: Lang, public_url: &str, edition: &catalogue::Edition) -> Response {
    let status = response.status();
    let told = match response.extensions_mut().remove::<Told>() {
        Some(told) => told,
        None if !status.is_client_error() && !status.is_server_error() => return response,
        // What the framework refuses by itself.
        None => {
            let kind = match status {
                StatusCode::NOT_FOUND => NOT_FOUND,
                StatusCode::METHOD_NOT_ALLOWED => METHOD,
                StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => MEDIA_TYPE,
                status if status.is_server_error() => FAULT,
                _ => BODY,
            };
            Told {
                kind,
                detail: [None, None],
                code: None,
                statute: None,
                errors: Vec::new(),
                incident: None,
                refusal: None,
            }
        }
    };
    let place = usize::from(lang == Lang::En);
    let Kind(_, code, title, next) = told.kind;
    let code = told.code.unwrap_or(code);
    let problem = Problem {
        r#type: format!("{public_url}/api#problem-{}", told.kind.1),
        title: title[place].to_owned(),
        status: status.as_u16(),
        detail: told
            .refusal
            .map(|refusal| refusal.message_in(lang, edition))
            .or_else(|| told.detail[place].clone())
            .unwrap_or_else(|| next[place].to_owned()),
        code: code.to_owned(),
        incident: told.incident,
        statute: told.statute,
        errors: told
            .errors
            .into_iter()
            .map(|(field, detail)| ProblemAt { field, detail: detail[place].clone() })
            .collect(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(if lang == Lang::En { "en" } else { "zh-CN" }),
    );
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(body);
    response
}

/// Every kind of problem with its status, for the page that explains them.
pub fn kinds() -> Vec<(u16, &'static str, [&'static str; 2], [&'static str; 2])> {
    let all = [
        QUERY,
        CURSOR,
        KEY,
        BODY,
        UNAUTHENTICATED,
        WRONG_TOKEN,
        SCOPE,
        DENIED,
        CROSS_SITE,
        NOT_FOUND,
        METHOD,
        STALE,
        USED,
        TOO_LARGE,
        MEDIA_TYPE,
        REFUSED,
        ANSWERS,
        TOO_MANY,
        FAULT,
    ];
    all.into_iter().map(|Kind(status, code, title, next)| (status.as_u16(), code, title, next)).collect()
}

/// Unique while the process runs; the log line beside it has the time.
fn next_incident() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:X}-A{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A bug of ours: one request fails, the server goes on, and the log says where.
pub fn caught(_panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let incident = next_incident();
    tracing::error!(incident, "a request panicked");
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Told {
        kind: FAULT,
        detail: [None, None],
        code: None,
        statute: None,
        errors: Vec::new(),
        incident: Some(incident),
        refusal: None,
    });
    response
}
