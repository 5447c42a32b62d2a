//! Who runs what: weighted rendezvous hashing.
//!
//! Every node computes the same order from the same list of nodes, and a node that comes or goes
//! moves only the shards it wins or leaves (Thaler and Ravishankar 1998; the weights by the
//! logarithm method of Schindelhauer and Schomaker 2005).

use crate::id::{Hasher, NodeId, ShardId};

/// A node that can run shards, and how much of them it should run, in relation to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The node.
    pub node: NodeId,
    /// Its weight: its cores, at least 1.
    pub weight: u16,
}

/// The nodes in the order in which they should run a shard: rank 0 first.
pub fn rank(shard: ShardId, candidates: &[Candidate]) -> Vec<NodeId> {
    let mut scored: Vec<(f64, NodeId)> = candidates
        .iter()
        .map(|candidate| {
            let hash = Hasher::new("zeromesh/placement")
                .fixed(&shard.0.0)
                .fixed(&candidate.node.0)
                .finish();
            let mut high = [0; 8];
            high.copy_from_slice(&hash.0[..8]);
            // In (0, 1): 53 bits and a half.
            let unit = ((u64::from_le_bytes(high) >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
            (f64::from(candidate.weight.max(1)) / -libm::log(unit), candidate.node)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.dedup_by_key(|(_, node)| *node);
    scored.into_iter().map(|(_, node)| node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Hash;

    fn candidate(byte: u8, weight: u16) -> Candidate {
        Candidate { node: NodeId([byte; 32]), weight }
    }

    fn shard(number: u32) -> ShardId {
        ShardId(Hasher::new("test").number(u64::from(number)).finish())
    }

    #[test]
    fn shares_follow_the_weights() {
        let candidates = [candidate(1, 1), candidate(2, 3)];
        let firsts =
            (0..4_000).filter(|n| rank(shard(*n), &candidates)[0] == NodeId([2; 32])).count();
        assert!(
            (2_850..3_150).contains(&firsts),
            "{firsts} of 4,000 went to the node with 3/4 of the weight"
        );
    }

    #[test]
    fn a_node_that_leaves_moves_only_what_it_ran() {
        let all = [candidate(1, 2), candidate(2, 2), candidate(3, 4)];
        for number in 0..500 {
            let before = rank(shard(number), &all);
            let after = rank(shard(number), &all[..2]);
            let stayed: Vec<NodeId> =
                before.into_iter().filter(|node| *node != NodeId([3; 32])).collect();
            assert_eq!(after, stayed);
        }
    }

    #[test]
    fn nobody_gives_an_empty_order() {
        assert!(rank(ShardId(Hash([0; 32])), &[]).is_empty());
    }
}
