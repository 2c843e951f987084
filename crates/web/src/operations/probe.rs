//! Asks once for all who ask at the same time, and answers the next ones from memory for a moment: whoever looks cannot be a
//! burden.

use std::sync::Arc;
use std::time::{Duration, Instant};

use office::{Office, OfficeError, Readiness, Vitals};
use tokio::sync::Mutex;

const READINESS_HOLDS: Duration = Duration::from_secs(2);
const VITALS_HOLD: Duration = Duration::from_secs(5);

/// What was found last. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Probe {
    readiness: Last<Readiness>,
    vitals: Last<Arc<Vitals>>,
}

type Last<T> = Arc<Mutex<Option<(Instant, T)>>>;

impl Probe {
    pub async fn readiness(&self, office: &Office) -> Readiness {
        let mut last = self.readiness.lock().await;
        match *last {
            Some((at, readiness)) if at.elapsed() < READINESS_HOLDS => readiness,
            _ => {
                let readiness = office.readiness().await;
                *last = Some((Instant::now(), readiness));
                readiness
            }
        }
    }

    pub async fn vitals(&self, office: &Office) -> Result<Arc<Vitals>, OfficeError> {
        let mut last = self.vitals.lock().await;
        match &*last {
            Some((at, vitals)) if at.elapsed() < VITALS_HOLD => Ok(vitals.clone()),
            _ => {
                let vitals = Arc::new(office.vitals().await?);
                *last = Some((Instant::now(), vitals.clone()));
                Ok(vitals)
            }
        }
    }
}
