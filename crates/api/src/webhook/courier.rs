//! Carries messages: signs, sends, and tells the office what came of it.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use office::{Carried, DueDelivery, HookQueue, Office, Reach, message_name};
use sha2::Sha256;

/// A destination that does not answer within this has not answered.
const TIMEOUT: Duration = Duration::from_secs(15);
/// To one destination; each of them holds a thread while it waits.
const AT_ONCE: usize = 4;
/// Other nodes and clocks: somebody looks at least so often.
const AT_LEAST: Duration = Duration::from_secs(15);
/// Many commits in a moment are looked at together.
const CALM: Duration = Duration::from_millis(100);

/// `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
pub fn sign(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Follows the journal and carries what is due, for as long as it is polled. Each destination has its turn by itself: one that
/// hangs keeps nobody waiting but its own messages.
pub async fn run(office: Office, reach: Reach) {
    let mut positions = office.store().subscribe();
    let mut turns = Turns::default();
    loop {
        positions.borrow_and_update();
        if let Err(error) = turns.begin(&office, &reach).await {
            tracing::error!(%error, "webhooks were not carried");
        }
        tokio::time::sleep(CALM).await;
        let wait = turns.idle_until(&office).await.map_or(AT_LEAST, |due| until(due, office.now()));
        tokio::select! {
            () = tokio::time::sleep(wait.min(AT_LEAST)) => {}
            _ = positions.changed() => {}
            Some(ended) = turns.under_way.join_next() => turns.end(ended),
        }
    }
}

fn until(due: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(now).max(SignedDuration::ZERO)).unwrap_or(AT_LEAST)
}

/// Which destinations are being served.
#[derive(Default)]
struct Turns {
    under_way: tokio::task::JoinSet<HookQueue>,
    busy: BTreeSet<HookQueue>,
    idle: Vec<HookQueue>,
}

impl Turns {
    /// Follows the journal, and begins a turn for every destination that has none.
    async fn begin(&mut self, office: &Office, reach: &Reach) -> office::Result<()> {
        office.follow_webhooks().await?;
        self.idle = office.webhook_queues().await?;
        self.idle.retain(|queue| !self.busy.contains(queue));
        for queue in &self.idle {
            // Most have nothing due.
            if office.next_webhook_due(queue).await?.is_none_or(|due| due > office.now()) {
                continue;
            }
            self.busy.insert(queue.clone());
            let (office, reach, queue) = (office.clone(), reach.clone(), queue.clone());
            self.under_way.spawn(async move {
                if let Err(error) = turn(&office, &reach, &queue).await {
                    tracing::warn!(%error, "a destination of webhooks was not served to the end");
                }
                queue
            });
        }
        let busy = &self.busy;
        self.idle.retain(|queue| !busy.contains(queue));
        Ok(())
    }

    /// When one that is not being served has something to be carried.
    async fn idle_until(&self, office: &Office) -> Option<Timestamp> {
        let mut first = None;
        for queue in &self.idle {
            if let Ok(Some(due)) = office.next_webhook_due(queue).await {
                first = Some(first.map_or(due, |first: Timestamp| first.min(due)));
            }
        }
        first
    }

    fn end(&mut self, ended: Result<HookQueue, tokio::task::JoinError>) {
        match ended {
            Ok(queue) => drop(self.busy.remove(&queue)),
            // Which one it was is not known: none is left out for ever.
            Err(_) => self.busy.clear(),
        }
    }
}

/// Follows the journal up to now and carries what is due now.
pub async fn round(office: &Office, reach: &Reach) -> office::Result<()> {
    office.follow_webhooks().await?;
    let mut turns = tokio::task::JoinSet::new();
    for queue in office.webhook_queues().await? {
        let (office, reach) = (office.clone(), reach.clone());
        turns.spawn(async move { turn(&office, &reach, &queue).await });
    }
    while let Some(ended) = turns.join_next().await {
        if let Ok(ended) = ended {
            ended?;
        }
    }
    Ok(())
}

/// Carries what is due to one destination, a few at a time.
async fn turn(office: &Office, reach: &Reach, queue: &HookQueue) -> office::Result<()> {
    loop {
        let due = office.due_webhooks(queue, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        let mut under_way = tokio::task::JoinSet::new();
        for message in due {
            let (office, reach) = (office.clone(), reach.clone());
            under_way.spawn(async move {
                let carried = carry(message.clone(), reach, office.now().as_second()).await;
                office.settle_webhook(message, carried).await
            });
        }
        while let Some(settled) = under_way.join_next().await {
            if let Ok(Err(error)) = settled {
                tracing::warn!(%error, "what came of a webhook was not written down; it is sent again");
            }
        }
    }
}

async fn carry(due: DueDelivery, reach: Reach, now: i64) -> Carried {
    let failed = |problem: String| Carried { problem: Some(problem), ..Carried::default() };
    let sent = tokio::task::spawn_blocking(move || send(&due, reach, now)).await;
    sent.unwrap_or_else(|_| failed("the sender broke off".into()))
}

fn send(due: &DueDelivery, reach: Reach, now: i64) -> Carried {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        // What is answered elsewhere was not answered here, and might lead inside.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("yichuang-webhooks/1")
        .build();
    let connector = ureq::unversioned::transport::DefaultConnector::default();
    let agent = ureq::Agent::with_parts(config, connector, reach.clone());
    if !reach.takes(&due.url) {
        let problem = Some("the address is not allowed any more".to_owned());
        return Carried { problem, ..Carried::default() };
    }
    let id = message_name(due.message_id());
    let request = agent
        .post(&due.url)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", sign(due.secret.bytes(), &id, now, &due.body));
    match request.send(due.body.as_slice()) {
        Ok(answer) => {
            let retry_after =
                answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
            Carried {
                status: Some(answer.status().as_u16()),
                problem: None,
                retry_after_seconds: retry_after,
            }
        }
        // Where it lies and what stands in it stays out of what is kept.
        Err(error) => Carried { problem: Some(reason(&error)), ..Carried::default() },
    }
}

fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "no answer in time".into(),
        ureq::Error::HostNotFound => "the host is not known".into(),
        ureq::Error::ConnectionFailed => "no connection".into(),
        ureq::Error::Other(cause) => cause.to_string(),
        ureq::Error::Io(cause) => format!("connection: {}", cause.kind()),
        other => {
            let text = other.to_string();
            text.chars().take(200).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks text.
    #[test]
    fn a_signature_is_the_one_that_the_text_gives() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
