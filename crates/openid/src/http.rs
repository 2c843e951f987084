//! The HTTP client for the provider: no redirects, so that no response leads elsewhere; short timeouts; a
//! size limit.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse};
use ureq::Agent;

const WAIT: Duration = Duration::from_secs(8);
const ANSWER_BYTES_MAX: u64 = 512 * 1024;

pub fn agent() -> Agent {
    Agent::config_builder()
        .timeout_global(Some(WAIT))
        .max_redirects(0)
        .http_status_as_error(false)
        .build()
        .new_agent()
}

/// # Errors
/// The request fails, times out, or the response is larger than the limit.
pub fn call(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (parts, mut body) = agent.run(request)?.into_parts();
    let body = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, body))
}
