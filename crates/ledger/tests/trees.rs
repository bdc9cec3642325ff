//! Trees against the published vectors of RFC 6962's reference implementation, and against each other.
#![allow(clippy::unwrap_used, missing_docs)]

use ledger::{
    Frontier, Hash,
    tree::{consistency_proof, inclusion_proof, leaf, root, verify_consistency, verify_inclusion},
};
use proptest::prelude::*;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(hex: &str) -> Hash {
    bytes(hex).try_into().unwrap()
}

const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn published() -> Vec<Hash> {
    LEAVES.iter().map(|text| leaf(&bytes(text))).collect()
}

#[test]
fn roots_are_the_published_ones() {
    let leaves = published();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]), hash(expected), "{size} leaves");
    }
}

#[test]
fn proofs_are_the_published_ones() {
    let leaves = published();
    let inclusion = |index: usize, size: usize| inclusion_proof(&leaves[..size], index).unwrap();
    assert_eq!(inclusion(0, 1), [] as [Hash; 0]);
    assert_eq!(
        inclusion(0, 8),
        [
            hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
        ]
    );
    let consistency = |first: usize, second: usize| consistency_proof(&leaves[..second], first).unwrap();
    assert_eq!(
        consistency(1, 8),
        [
            hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
        ]
    );
    assert_eq!(
        consistency(2, 5),
        [
            hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
        ]
    );
}

fn many(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf(&(number as u64).to_be_bytes())).collect()
}

/// The definition of RFC 6962 2.1, word for word.
fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => Frontier::default().root(),
        1 => leaves[0],
        size => {
            let half = size.next_power_of_two() / 2;
            ledger::tree::node(&by_definition(&leaves[..half]), &by_definition(&leaves[half..]))
        }
    }
}

proptest! {
    #[test]
    fn a_frontier_gives_the_root_of_the_definition(size in 0_usize..300) {
        prop_assert_eq!(root(&many(size)), by_definition(&many(size)));
    }

    #[test]
    fn every_leaf_is_proved_and_no_other(size in 1_usize..200, pick in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), flip in any::<u8>()) {
        let leaves = many(size);
        let index = pick.index(size);
        let proof = inclusion_proof(&leaves, index).unwrap();
        let whole = root(&leaves);
        prop_assert!(verify_inclusion(&leaves[index], index as u64, size as u64, &proof, &whole));
        let elsewhere = other.index(size);
        if elsewhere != index {
            prop_assert!(!verify_inclusion(&leaves[elsewhere], index as u64, size as u64, &proof, &whole));
            prop_assert!(!verify_inclusion(&leaves[index], elsewhere as u64, size as u64, &proof, &whole));
        }
        prop_assert!(!verify_inclusion(&leaves[index], index as u64, index as u64, &proof, &whole));
        let longer = [proof.clone(), vec![whole]].concat();
        prop_assert!(!verify_inclusion(&leaves[index], index as u64, size as u64, &longer, &whole));
        if let Some(position) = (!proof.is_empty()).then(|| flip as usize % proof.len()) {
            let mut bent = proof.clone();
            bent[position][0] ^= 1;
            prop_assert!(!verify_inclusion(&leaves[index], index as u64, size as u64, &bent, &whole));
            prop_assert!(!verify_inclusion(&leaves[index], index as u64, size as u64, &proof[..position], &whole));
        }
    }

    #[test]
    fn a_tree_that_grew_is_proved_and_one_that_changed_is_not(after in 1_usize..200, pick in any::<prop::sample::Index>(), changed in any::<prop::sample::Index>()) {
        let leaves = many(after);
        let before = pick.index(after) + 1;
        let (first, second) = (root(&leaves[..before]), root(&leaves));
        let proof = consistency_proof(&leaves, before).unwrap();
        prop_assert!(verify_consistency(before as u64, &first, after as u64, &second, &proof));
        let mut other = leaves.clone();
        other[changed.index(before)][0] ^= 1;
        let forged = consistency_proof(&other, before).unwrap();
        prop_assert!(!verify_consistency(before as u64, &first, after as u64, &root(&other), &forged));
    }

    #[test]
    fn hostile_proofs_are_refused_without_harm(at in any::<u64>(), size in any::<u64>(), proof in prop::collection::vec(any::<Hash>(), 0..80), hash in any::<Hash>()) {
        prop_assert!(!verify_inclusion(&hash, at, size, &proof, &[0; 32]));
        prop_assert!(!verify_consistency(at, &hash, size, &[0; 32], &proof));
    }
}
