//! Merkle trees as RFC 6962 and RFC 9162 (2.1) define them: roots, inclusion and consistency proofs, and a frontier that
//! appends in O(log n) memory.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf's bytes.
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// The hash of a node over two others.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over the hashes of leaves.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

/// The right edge of a tree: one hash for each complete subtree, the largest first. All that appending needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl Frontier {
    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let (mut hash, mut left) = (leaf, self.size);
        while left & 1 == 1 {
            if let Some(sibling) = self.nodes.pop() {
                hash = node(&sibling, &hash);
            }
            left >>= 1;
        }
        self.nodes.push(hash);
        self.size += 1;
    }

    /// The root of the tree so far; of an empty one the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut edge = self.nodes.iter().rev();
        let Some(last) = edge.next() else { return Sha256::digest([]).into() };
        edge.fold(*last, |right, left| node(left, &right))
    }
}

/// The largest power of two below `size`, which is 2 or more.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

/// The hashes that prove that leaf `index` is in the tree over `leaves`; none where there is no such leaf.
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    fn path(leaves: &[Hash], index: usize, into: &mut Vec<Hash>) {
        if leaves.len() < 2 {
            return;
        }
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path(left, index, into);
            into.push(root(right));
        } else {
            path(right, index - left.len(), into);
            into.push(root(left));
        }
    }
    if index >= leaves.len() {
        return None;
    }
    let mut proof = Vec::new();
    path(leaves, index, &mut proof);
    Some(proof)
}

/// Whether a proof shows that `leaf` stands at `index` of the tree of `size` leaves with this root (RFC 9162 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], expected: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && hash == *expected
}

/// The hashes that prove that the tree over the first `before` leaves is the beginning of the one over all of them.
pub fn consistency_proof(leaves: &[Hash], before: usize) -> Option<Vec<Hash>> {
    fn subproof(leaves: &[Hash], before: usize, whole: bool, into: &mut Vec<Hash>) {
        if before == leaves.len() {
            if !whole {
                into.push(root(leaves));
            }
            return;
        }
        let (left, right) = leaves.split_at(split(leaves.len()));
        if before <= left.len() {
            subproof(left, before, whole, into);
            into.push(root(right));
        } else {
            subproof(right, before - left.len(), false, into);
            into.push(root(left));
        }
    }
    if before > leaves.len() {
        return None;
    }
    let mut proof = Vec::new();
    if before > 0 {
        subproof(leaves, before, true, &mut proof);
    }
    Some(proof)
}

/// Whether a proof shows that the tree of `before` leaves is the beginning of that of `after` (RFC 9162 2.1.4.2).
pub fn verify_consistency(before: u64, first: &Hash, after: u64, second: &Hash, proof: &[Hash]) -> bool {
    if before > after || (before == after && !proof.is_empty()) {
        return false;
    }
    if before == after {
        return first == second;
    }
    if before == 0 {
        return proof.is_empty() && *first == Frontier::default().root();
    }
    let mut path = proof.iter();
    // A complete subtree is known already: its root is the first hash of the path.
    let start = if before.is_power_of_two() { Some(first) } else { path.next() };
    let Some(start) = start else { return false };
    let (mut at, mut last) = (before - 1, after - 1);
    while at & 1 == 1 {
        (at, last) = (at >> 1, last >> 1);
    }
    let (mut old, mut new) = (*start, *start);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            (old, new) = (node(sibling, &old), node(sibling, &new));
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            new = node(&new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    last == 0 && old == *first && new == *second
}
