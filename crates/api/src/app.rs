//! What every route shares.

use std::sync::Arc;

use office::{Office, Reach};

use crate::ask::limit::Limiter;

/// State of the router. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api {
    pub office: Office,
    pub settings: Arc<Settings>,
    pub limiter: Arc<Limiter>,
}

/// How this server answers programs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Requests a minute for each account; whoever comes without a token has a quarter of it for each address.
    pub requests_per_minute: u32,
    /// Largest upload in bytes.
    pub upload_bytes_max: usize,
    /// Proxies whose word about where a request came from is believed.
    pub proxies: office::Networks,
    /// Where webhooks may go.
    pub reach: Reach,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requests_per_minute: 600,
            upload_bytes_max: 50 * 1024 * 1024,
            proxies: office::Networks::default(),
            reach: Reach::default(),
        }
    }
}

impl Api {
    pub fn new(office: Office, settings: Settings) -> Self {
        let limiter = Arc::new(Limiter::new(settings.requests_per_minute));
        Self { office, settings: Arc::new(settings), limiter }
    }
}
