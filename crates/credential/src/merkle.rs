//! Merkle trees over 32-byte leaves as in RFC 6962 section 2.1: leaves and nodes are hashed with different
//! first bytes, and an unbalanced tree splits at the largest power of two, so that two leaf lists share a
//! root only by a hash collision.

use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;

use crate::Digest;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HashKind {
    #[serde(rename = "SM3")]
    Sm3,
    #[serde(rename = "SHA-256")]
    Sha256,
}

impl HashKind {
    fn hash(self, parts: [&[u8]; 3]) -> [u8; 32] {
        fn digest<D: sha2::Digest>(parts: [&[u8]; 3]) -> sha2::digest::Output<D> {
            let mut hasher = D::new();
            for part in parts {
                hasher.update(part);
            }
            hasher.finalize()
        }
        match self {
            HashKind::Sm3 => digest::<Sm3>(parts).into(),
            HashKind::Sha256 => digest::<Sha256>(parts).into(),
        }
    }

    fn leaf(self, leaf: &[u8; 32]) -> [u8; 32] {
        self.hash([&[0], leaf, &[]])
    }

    fn node(self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        self.hash([&[1], left, right])
    }
}

/// The root over `leaves` in order; for no leaves, the hash of the empty string.
pub fn root(kind: HashKind, leaves: &[[u8; 32]]) -> Digest {
    Digest::from(subtree(kind, leaves))
}

fn subtree(kind: HashKind, leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => kind.hash([&[], &[], &[]]),
        [leaf] => kind.leaf(leaf),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            kind.node(&subtree(kind, left), &subtree(kind, right))
        }
    }
}

/// The largest power of two below `count`, which must be at least two.
fn split(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

/// An inclusion proof: one leaf is at `index` among `leaves` leaves under a root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    pub index: u64,
    pub leaves: u64,
    /// The sibling hashes from the leaf up to the root.
    pub path: Vec<Digest>,
}

/// The proof for `leaves[index]`; `None` when there is no such leaf.
pub fn prove(kind: HashKind, leaves: &[[u8; 32]], index: usize) -> Option<Proof> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut part, mut place) = (leaves, index);
    while part.len() > 1 {
        let (left, right) = part.split_at(split(part.len()));
        let sibling = if place < left.len() {
            part = left;
            right
        } else {
            place -= left.len();
            part = right;
            left
        };
        path.push(Digest::from(subtree(kind, sibling)));
    }
    path.reverse();
    Some(Proof { index: index as u64, leaves: leaves.len() as u64, path })
}

impl Proof {
    /// Whether `leaf` is at the proof's index under `root` (RFC 9162 section 2.1.3.2).
    #[must_use]
    pub fn verifies(&self, kind: HashKind, leaf: &[u8; 32], root: &Digest) -> bool {
        if self.index >= self.leaves {
            return false;
        }
        let (mut place, mut last) = (self.index, self.leaves - 1);
        let mut hash = kind.leaf(leaf);
        for sibling in &self.path {
            if last == 0 {
                return false;
            }
            if place & 1 == 1 || place == last {
                hash = kind.node(sibling.as_bytes(), &hash);
                // A last node without a right sibling moves up unchanged until it has one on its left.
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = kind.node(&hash, sibling.as_bytes());
            }
            place >>= 1;
            last >>= 1;
        }
        last == 0 && &hash == root.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use sha2::Digest as _;

    use super::*;

    fn leaves(count: u8) -> Vec<[u8; 32]> {
        (0..count).map(|at| [at; 32]).collect()
    }

    fn sha256(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }

    #[test]
    fn the_root_of_nothing_is_the_hash_of_nothing() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root(HashKind::Sha256, &[]).to_string(), expected);
        assert_eq!(root(HashKind::Sm3, &[]), Digest::sm3(b""));
    }

    #[test]
    fn three_leaves_hash_as_written_out_by_hand() {
        let leaf = |at: u8| sha256(&[&[0][..], &[at; 32]].concat());
        let node = |left: [u8; 32], right: [u8; 32]| sha256(&[&[1][..], &left, &right].concat());
        let expected = node(node(leaf(0), leaf(1)), leaf(2));
        assert_eq!(root(HashKind::Sha256, &leaves(3)), Digest::from(expected));
    }

    #[test]
    fn every_leaf_of_every_small_tree_has_a_proof_that_fits_nothing_else() {
        for kind in [HashKind::Sm3, HashKind::Sha256] {
            for count in 1..=33u8 {
                let leaves = leaves(count);
                let root = root(kind, &leaves);
                for at in 0..count {
                    let proof = prove(kind, &leaves, usize::from(at)).unwrap();
                    for other in 0..count {
                        assert_eq!(proof.verifies(kind, &leaves[usize::from(other)], &root), at == other);
                    }
                    let elsewhere = Proof { index: proof.index ^ 1, ..proof.clone() };
                    assert!(!elsewhere.verifies(kind, &leaves[usize::from(at)], &root));
                    let mut longer = proof.clone();
                    longer.path.push(root);
                    assert!(!longer.verifies(kind, &leaves[usize::from(at)], &root));
                    if count > 1 {
                        let mut shorter = proof.clone();
                        shorter.path.pop();
                        assert!(!shorter.verifies(kind, &leaves[usize::from(at)], &root));
                    }
                }
                assert_eq!(prove(kind, &leaves, usize::from(count)), None);
            }
        }
    }

    #[test]
    fn a_path_must_be_as_long_as_the_claimed_tree_is_high() {
        let two = leaves(2);
        let top = root(HashKind::Sm3, &two);
        let second = prove(HashKind::Sm3, &two, 1).unwrap();
        assert!(second.verifies(HashKind::Sm3, &two[1], &top));
        let alone = Proof { index: 0, leaves: 1, path: second.path };
        assert!(!alone.verifies(HashKind::Sm3, &two[1], &top));
        let first = prove(HashKind::Sm3, &two, 0).unwrap();
        let higher = Proof { leaves: 8, ..first };
        assert!(!higher.verifies(HashKind::Sm3, &two[0], &top));
    }

    #[test]
    fn a_changed_added_dropped_or_moved_leaf_changes_the_root() {
        let honest = leaves(9);
        let expected = root(HashKind::Sm3, &honest);
        let mut changed = honest.clone();
        changed[4][31] ^= 1;
        let mut moved = honest.clone();
        moved.swap(2, 3);
        let mut repeated = honest.clone();
        repeated.push(honest[8]);
        for leaves in [&changed, &moved, &repeated, &honest[..8].to_vec()] {
            assert_ne!(root(HashKind::Sm3, leaves), expected);
        }
    }
}
