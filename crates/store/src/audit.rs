//! The audit: rereads the whole store and reports what was changed after it was written.

mod beside;

use std::collections::HashMap;
use std::fmt;

use self::beside::Beside;
use crate::checkpoint::HeadsTree;
use crate::{
    Checkpoint, CheckpointVerifier, Digest, Envelope, Position, Result, SpanDigest, Store, StoreError,
    StreamId, Version, head_leaf,
};

const EVENTS_PER_STEP: usize = 2048;

/// One discrepancy that an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The record cannot be read at all.
    Unreadable {
        position: Position,
        what: String,
    },
    /// The event, or one before it in its stream, was changed.
    ChainBroken {
        stream: StreamId,
        version: Version,
        position: Position,
    },
    /// A version of the stream is missing or occurs twice.
    VersionOutOfOrder {
        stream: StreamId,
        expected: Version,
        found: Version,
        position: Position,
    },
    /// The stored head of a stream does not match its last event.
    HeadDiffers {
        stream: StreamId,
    },
    /// The checkpoint's number, position or link to the previous checkpoint is wrong.
    CheckpointOutOfOrder {
        number: u64,
    },
    CheckpointNotSigned {
        number: u64,
        key_id: String,
    },
    /// Heads, events or their order are not what was signed.
    CheckpointDiffers {
        number: u64,
    },
    /// The journal ends before the checkpoint.
    JournalCutOff {
        number: u64,
        position: Position,
    },
    /// The vault holds something else under the key than the journal says, or holds it although the journal says that it
    /// was erased.
    VaultDiffers {
        key: String,
    },
    /// The event says that it is there, or refers to it, and nothing says that it was erased.
    VaultMissing {
        key: String,
        position: Position,
    },
    /// It was erased, and nothing in the journal says so.
    VaultErasedUnsaid {
        key: String,
    },
    /// It is there, and nothing in the journal says so.
    VaultUnsaid {
        key: String,
    },
    /// The event refers to an edition that is not kept.
    EditionMissing {
        hash: String,
        position: Position,
    },
    /// What is kept as an edition is another text than the one that its name is the digest of.
    EditionDiffers {
        hash: String,
    },
    /// A finding of the adapter's own check ([`Store::self_check`]).
    Adapter {
        what: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { position, what } => write!(f, "position {position} cannot be read: {what}"),
            Self::ChainBroken { stream, version, position } => {
                write!(f, "{stream} version {version} (position {position}) breaks its chain")
            }
            Self::VersionOutOfOrder { stream, expected, found, position } => {
                write!(f, "{stream} has version {found} at position {position} where {expected} belongs")
            }
            Self::HeadDiffers { stream } => write!(f, "the head of {stream} is not its last event"),
            Self::CheckpointOutOfOrder { number } => write!(f, "checkpoint {number} breaks the chain"),
            Self::CheckpointNotSigned { number, key_id } => {
                write!(f, "checkpoint {number} is not signed by key {key_id}")
            }
            Self::CheckpointDiffers { number } => {
                write!(f, "the journal is not what checkpoint {number} signed")
            }
            Self::JournalCutOff { number, position } => {
                write!(f, "the journal ends at position {position}, before checkpoint {number}")
            }
            Self::VaultMissing { key, position } => {
                write!(f, "the vault lacks {key}, which the event at position {position} refers to")
            }
            Self::VaultErasedUnsaid { key } => {
                write!(f, "what the vault held under {key} was erased, and the journal says of no erasure")
            }
            Self::VaultUnsaid { key } => {
                write!(f, "the vault holds something under {key} that no event put there")
            }
            Self::EditionMissing { hash, position } => {
                write!(f, "edition {hash}, which the event at position {position} refers to, is gone")
            }
            Self::EditionDiffers { hash } => write!(f, "edition {hash} was changed"),
            Self::VaultDiffers { key } => write!(f, "what the vault holds under {key} was changed"),
            Self::Adapter { what } => f.write_str(what),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    pub events: u64,
    pub streams: u64,
    pub checkpoints: u64,
    /// Position of the last compared checkpoint; later events are protected by their hash chains alone.
    pub covered_to: Position,
    pub vault_entries: u64,
    /// The newest checkpoint: number and digest. Kept elsewhere, they prove to a later audit that nothing was cut off up to it.
    pub anchor: Option<(u64, Digest)>,
    pub findings: Vec<Finding>,
}

impl AuditReport {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Verifies all chains, heads and checkpoints, and compares the vault and the editions with what the journal says of them. With `None` as verifier, signatures are not
/// checked.
///
/// # Errors
/// Faults of the store. A damaged event or stream head is a finding, not an error.
pub async fn audit(store: &dyn Store, verifier: Option<&dyn CheckpointVerifier>) -> Result<AuditReport> {
    audit_told(store, verifier, &mut |_| {}).await
}

/// As [`audit`]; `progress` receives the position up to which the journal was read.
///
/// # Errors
/// As [`audit`].
pub async fn audit_told(
    store: &dyn Store,
    verifier: Option<&dyn CheckpointVerifier>,
    progress: &mut (dyn FnMut(Position) + Send),
) -> Result<AuditReport> {
    // Events appended while the audit runs are left to the next audit.
    let end = store.head().await?;
    let mut walk = Walk { checkpoints: store.checkpoints().await?, ..Walk::default() };
    walk.report.anchor = walk.checkpoints.last().map(|last| (last.number, last.digest()));
    walk.check_checkpoint_chain(verifier);
    walk.read_journal(store, end, progress).await?;
    walk.compare_heads(store, end).await?;
    let Walk { mut report, beside, .. } = walk;
    report.vault_entries = beside.compare(store, &mut report.findings).await?;
    report.findings.extend(store.self_check().await?.into_iter().map(|what| Finding::Adapter { what }));
    Ok(report)
}

#[derive(Default)]
struct Walk {
    report: AuditReport,
    checkpoints: Vec<Checkpoint>,
    /// Index of the next checkpoint to compare.
    due: usize,
    streams: HashMap<StreamId, Known>,
    tree: HeadsTree,
    /// Streams whose leaf must be set before the next root is computed.
    touched: Vec<StreamId>,
    span: SpanDigest,
    /// What was said of the vault and of editions.
    beside: Beside,
}

struct Known {
    place: usize,
    first: Position,
    version: Version,
    hash: Digest,
    touched: bool,
}

impl Walk {
    fn check_checkpoint_chain(&mut self, verifier: Option<&dyn CheckpointVerifier>) {
        let mut previous = Digest::ZERO;
        let mut reached = Position::START;
        for (number, checkpoint) in (1..).zip(&self.checkpoints) {
            if checkpoint.number != number
                || checkpoint.previous != previous
                || checkpoint.survey.position <= reached
            {
                self.report.findings.push(Finding::CheckpointOutOfOrder { number });
            }
            let signed = verifier.is_none_or(|verifier| {
                verifier.verify(&checkpoint.key_id, &checkpoint.message(), &checkpoint.signature)
            });
            if !signed {
                let key_id = checkpoint.key_id.clone();
                self.report.findings.push(Finding::CheckpointNotSigned { number, key_id });
            }
            previous = checkpoint.digest();
            reached = checkpoint.survey.position;
        }
    }

    async fn read_journal(
        &mut self,
        store: &dyn Store,
        end: Position,
        progress: &mut (dyn FnMut(Position) + Send),
    ) -> Result<()> {
        let mut at = Position::START;
        while at < end {
            match store.read_all(at, EVENTS_PER_STEP).await {
                Ok(events) => {
                    let Some(last) = events.last().map(|event| event.position) else { break };
                    for event in events.iter().filter(|event| event.position <= end) {
                        self.compare_before(event.position);
                        self.see(event);
                        self.beside.hear(event, &mut self.report.findings);
                    }
                    at = last;
                    progress(at);
                }
                Err(StoreError::Damaged { position, what }) if position > at => {
                    self.compare_before(position);
                    self.report.findings.push(Finding::Unreadable { position, what });
                    at = position;
                }
                Err(other) => return Err(other),
            }
        }
        self.compare_before(Position(u64::MAX));
        let cut_off = self.checkpoints.iter().find(|checkpoint| checkpoint.survey.position > end);
        if let Some(checkpoint) = cut_off {
            let finding = Finding::JournalCutOff { number: checkpoint.number, position: end };
            self.report.findings.push(finding);
        }
        Ok(())
    }

    fn see(&mut self, event: &Envelope) {
        let place = self.streams.len();
        let known = self.streams.entry(event.stream.clone()).or_insert(Known {
            place,
            first: event.position,
            version: Version::NONE,
            hash: Digest::ZERO,
            touched: false,
        });
        let (stream, position) = (&event.stream, event.position);
        let expected = known.version.next();
        if event.version != expected {
            let stream = stream.clone();
            let finding = Finding::VersionOutOfOrder { stream, expected, found: event.version, position };
            self.report.findings.push(finding);
        }
        if event.expected_hash(known.hash) != event.hash {
            let finding = Finding::ChainBroken { stream: stream.clone(), version: event.version, position };
            self.report.findings.push(finding);
        }
        known.version = event.version;
        // Continuing from the stored hash reports each changed event once, not every event after it.
        known.hash = event.hash;
        if !std::mem::replace(&mut known.touched, true) {
            self.touched.push(stream.clone());
        }
        self.span.add(position, event.hash);
        self.report.events += 1;
    }

    /// Compares what was read so far with the checkpoints whose position is below `position`.
    fn compare_before(&mut self, position: Position) {
        while let Some(checkpoint) = self.checkpoints.get(self.due) {
            if checkpoint.survey.position >= position {
                return;
            }
            for stream in self.touched.drain(..) {
                let Some(known) = self.streams.get_mut(&stream) else { continue };
                known.touched = false;
                self.tree.set(known.place, head_leaf(&stream, known.version, known.hash));
            }
            let span = std::mem::take(&mut self.span).finish();
            let survey = &checkpoint.survey;
            let same = self.tree.root() == survey.heads
                && span == survey.span
                && self.streams.len() as u64 == survey.streams;
            if !same {
                self.report.findings.push(Finding::CheckpointDiffers { number: checkpoint.number });
            }
            self.report.covered_to = survey.position;
            self.report.checkpoints += 1;
            self.due += 1;
        }
    }

    async fn compare_heads(&mut self, store: &dyn Store, end: Position) -> Result<()> {
        self.report.streams = self.streams.len() as u64;
        let mut at = Position::START;
        loop {
            let heads = match store.stream_heads(at, EVENTS_PER_STEP).await {
                Err(StoreError::Damaged { position, what }) if position > at => {
                    self.report.findings.push(Finding::Unreadable { position, what });
                    at = position;
                    continue;
                }
                heads => heads?,
            };
            let Some(last) = heads.last().map(|head| head.first) else { break };
            for head in heads.iter().filter(|head| head.first <= end) {
                let known = self.streams.remove(&head.stream);
                let same = match &known {
                    Some(known) if head.first != known.first => false,
                    Some(known) if head.version == known.version => head.hash == known.hash,
                    // The stream grew while the audit ran.
                    Some(known) => head.version > known.version && store.head().await? > end,
                    None => false,
                };
                if !same {
                    self.report.findings.push(Finding::HeadDiffers { stream: head.stream.clone() });
                }
            }
            at = last;
        }
        let missing = self.streams.drain().map(|(stream, _)| Finding::HeadDiffers { stream });
        self.report.findings.extend(missing);
        Ok(())
    }
}
