//! Checkpoints: signed statements about the whole journal at one moment.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{Digest, Position, Result, Store, StoreError, StreamId, Version};

/// The last event of a stream, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamHead {
    pub stream: StreamId,
    /// The position of the stream's first event; orders the leaves of the Merkle tree.
    pub first: Position,
    pub version: Version,
    pub hash: Digest,
}

/// What [`Store::survey`] read in one consistent snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Position of the last event.
    pub position: Position,
    pub streams: u64,
    /// The Merkle root over all heads ([`HeadsRoot`]).
    pub heads: Digest,
    /// Digest over position and hash of every event after the requested position ([`SpanDigest`]).
    pub span: Digest,
}

/// A checkpoint covers the heads of all streams and the order of all events since the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// 1 for the first.
    pub number: u64,
    pub at: Timestamp,
    pub survey: Survey,
    /// The digest of the checkpoint before, zero for the first.
    pub previous: Digest,
    pub key_id: String,
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// The bytes that are signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        let mut message = b"yichuang checkpoint 1\n".to_vec();
        message.extend(self.number.to_be_bytes());
        message.extend(self.at.as_microsecond().to_be_bytes());
        message.extend(self.survey.position.0.to_be_bytes());
        message.extend(self.survey.streams.to_be_bytes());
        message.extend(self.survey.heads.0);
        message.extend(self.survey.span.0);
        message.extend(self.previous.0);
        message.extend(self.key_id.as_bytes());
        message
    }

    /// What the next checkpoint names as `previous`.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut bytes = self.message();
        bytes.push(0);
        bytes.extend(&self.signature);
        Digest::of(&bytes)
    }
}

/// Signs checkpoints; the caller brings the algorithm and the key.
pub trait CheckpointSigner: Send + Sync {
    /// Identifies the signing key, so that a verifier can find it.
    fn key_id(&self) -> String;
    /// # Errors
    /// A text saying why the key cannot sign.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String>;
}

pub trait CheckpointVerifier: Send + Sync {
    fn verify(&self, key_id: &str, message: &[u8], signature: &[u8]) -> bool;
}

/// Surveys the journal, signs the survey and stores it as the next checkpoint; `None` when no event was
/// appended since the last checkpoint. Before the first one, what the vault held before commits said what they change is taken
/// over into the journal, so that the checkpoint covers it.
///
/// # Errors
/// Faults of the store, and [`StoreError::Fault`] when the key cannot sign.
pub async fn take_checkpoint(
    store: &dyn Store,
    signer: &dyn CheckpointSigner,
    at: Timestamp,
) -> Result<Option<Checkpoint>> {
    crate::takeover::take_over(store, at).await?;
    let last = store.checkpoints().await?.pop();
    let since = last.as_ref().map_or(Position::START, |last| last.survey.position);
    let survey = store.survey(since).await?;
    if survey.position == since {
        return Ok(None);
    }
    let mut checkpoint = Checkpoint {
        number: last.as_ref().map_or(1, |last| last.number + 1),
        at: crate::envelope::whole_microseconds(at),
        survey,
        previous: last.as_ref().map_or(Digest::ZERO, Checkpoint::digest),
        key_id: signer.key_id(),
        signature: Vec::new(),
    };
    checkpoint.signature = signer.sign(&checkpoint.message()).map_err(StoreError::fault)?;
    store.save_checkpoint(checkpoint.clone()).await?;
    Ok(Some(checkpoint))
}

/// The digest over positions and hashes of events in their order.
#[derive(Debug, Clone, Default)]
pub struct SpanDigest(Sha256);

impl SpanDigest {
    pub fn add(&mut self, position: Position, hash: Digest) {
        self.0.update(position.0.to_be_bytes());
        self.0.update(hash.0);
    }

    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// The leaf of a head in the Merkle tree.
#[must_use]
pub fn head_leaf(stream: &StreamId, version: Version, hash: Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update((stream.as_str().len() as u64).to_be_bytes());
    hasher.update(stream.as_str());
    hasher.update(version.0.to_be_bytes());
    hasher.update(hash.0);
    Digest(hasher.finalize().into())
}

fn node(left: Digest, right: Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.0);
    hasher.update(right.0);
    Digest(hasher.finalize().into())
}

/// The Merkle root (RFC 9162, section 2.1) over heads added in order; needs O(log n) memory for n heads.
#[derive(Debug, Clone, Default)]
pub struct HeadsRoot {
    /// Roots of full subtrees, largest first, each with its height.
    full: Vec<(u32, Digest)>,
    count: u64,
}

impl HeadsRoot {
    pub fn add(&mut self, head: &StreamHead) {
        self.add_leaf(head_leaf(&head.stream, head.version, head.hash));
    }

    pub fn add_leaf(&mut self, leaf: Digest) {
        self.count += 1;
        let mut grown = (0, leaf);
        while let Some(&(height, left)) = self.full.last() {
            if height != grown.0 {
                break;
            }
            self.full.pop();
            grown = (height + 1, node(left, grown.1));
        }
        self.full.push(grown);
    }

    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The root; without leaves, the digest of the empty string.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.full
            .into_iter()
            .rev()
            .map(|(_, digest)| digest)
            .reduce(|right, left| node(left, right))
            .unwrap_or_else(|| Digest::of(b""))
    }
}

/// The same tree with all nodes in memory, so that an audit can update leaves from checkpoint to checkpoint.
#[derive(Debug, Default)]
pub(crate) struct HeadsTree {
    levels: Vec<Vec<Digest>>,
}

impl HeadsTree {
    /// Sets leaf number `place`, or appends it when `place` is the number of leaves.
    pub(crate) fn set(&mut self, place: usize, leaf: Digest) {
        let (mut place, mut digest) = (place, leaf);
        let mut height = 0;
        loop {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let level = &mut self.levels[height];
            if place == level.len() {
                level.push(digest);
            } else {
                level[place] = digest;
            }
            // A level holds full subtrees only: the parent of a node is computed once its sibling is there.
            let Some(&sibling) = level.get(place ^ 1) else { return };
            digest = if place % 2 == 0 { node(digest, sibling) } else { node(sibling, digest) };
            place /= 2;
            height += 1;
        }
    }

    pub(crate) fn root(&self) -> Digest {
        // A level of odd length ends in a subtree without sibling; the root joins these, smallest first.
        let lone =
            self.levels.iter().filter(|level| level.len() % 2 == 1).filter_map(|level| level.last().copied());
        lone.reduce(|right, left| node(left, right)).unwrap_or_else(|| Digest::of(b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 9162, word for word.
    fn by_definition(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::of(b""),
            [leaf] => *leaf,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                node(by_definition(&leaves[..half]), by_definition(&leaves[half..]))
            }
        }
    }

    #[test]
    fn streamed_kept_and_defined_roots_agree() {
        let mut leaves: Vec<Digest> = Vec::new();
        let mut kept = HeadsTree::default();
        for n in 0..70_u64 {
            let mut streamed = HeadsRoot::default();
            leaves.iter().for_each(|&leaf| streamed.add_leaf(leaf));
            assert_eq!(streamed.finish(), by_definition(&leaves), "{n}");
            assert_eq!(kept.root(), by_definition(&leaves), "{n}");
            let leaf = Digest::of(&n.to_be_bytes());
            leaves.push(leaf);
            kept.set(leaves.len() - 1, leaf);
            let changed = (n * 7 % (n + 1)) as usize;
            let leaf = Digest::of(&(n + 1000).to_be_bytes());
            leaves[changed] = leaf;
            kept.set(changed, leaf);
        }
    }
}
