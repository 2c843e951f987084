//! What every page shares: the office, and how it was configured.

use std::sync::Arc;

use office::Office;

use crate::incoming::Room;
use crate::operations::{Metrics, Probe};
use crate::server::Limits;

/// State of the router. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub office: Office,
    pub settings: Arc<Settings>,
}

/// How this server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cookies only over HTTPS.
    pub secure_cookies: bool,
    /// Demonstration accounts that the sign-in page lists: login, password, what it is for. Empty in real life.
    pub demo_accounts: Vec<DemoAccount>,
    /// Largest upload in bytes.
    pub upload_bytes_max: usize,
    /// The pack's text as the server was started with it, so that its diagnostics can be shown.
    pub pack: Option<checker::PackFiles>,
    /// Proxies whose word about where a request came from is believed.
    pub proxies: office::Networks,
    /// What everybody who connects is given.
    pub limits: Limits,
    /// One for all that is sent, by people and by programs.
    pub room: Room,
    pub metrics: Metrics,
    pub probe: Probe,
    /// Where people of the zone may sign in besides; nobody outside is asked anything without it.
    pub openid: Option<Arc<openid::Provider>>,
    /// Where webhooks may go.
    pub reach: office::Reach,
    /// The description of the interface for programs, where there is one.
    pub interface: Option<Arc<serde_json::Value>>,
    /// Tells pages that stay connected that the server is about to stop.
    pub stopping: Option<tokio::sync::watch::Receiver<bool>>,
}

#[derive(Clone, Debug)]
pub struct DemoAccount {
    pub login: String,
    pub password: String,
    pub role: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure_cookies: false,
            demo_accounts: Vec::new(),
            upload_bytes_max: 50 * 1024 * 1024,
            pack: None,
            proxies: office::Networks::default(),
            limits: Limits::default(),
            room: Room::default(),
            metrics: Metrics::default(),
            probe: Probe::default(),
            openid: None,
            reach: office::Reach::default(),
            interface: None,
            stopping: None,
        }
    }
}
