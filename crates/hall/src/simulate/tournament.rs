//! Finds the window that finishes next.

/// Minimum of a fixed number of instants as a complete binary tree: O(log n) for a change, O(1) for the
/// minimum.
#[derive(Clone, Debug)]
pub(super) struct Tournament {
    /// Index of the first leaf; node n has the children 2n and 2n + 1.
    leaves: usize,
    least: Vec<f64>,
}

impl Tournament {
    pub fn new(players: usize) -> Self {
        let leaves = players.next_power_of_two().max(2);
        Self { leaves, least: vec![f64::INFINITY; 2 * leaves] }
    }

    pub fn clear(&mut self) {
        self.least.fill(f64::INFINITY);
    }

    #[inline]
    pub fn least(&self) -> f64 {
        self.least[1]
    }

    #[inline]
    pub fn set(&mut self, player: usize, at: f64) {
        let mut node = self.leaves + player;
        let least = &mut self.least[..];
        least[node] = at;
        let mut carried = at;
        while node > 1 {
            let rival = least[node ^ 1];
            carried = if rival < carried { rival } else { carried };
            node >>= 1;
            least[node] = carried;
        }
    }

    /// The player with the least instant; the first of equals.
    #[inline]
    pub fn winner(&self) -> usize {
        let least = &self.least[..];
        let wanted = least[1];
        let mut node = 1;
        while node < self.leaves {
            node *= 2;
            node += usize::from(least[node] != wanted);
        }
        node - self.leaves
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::random::{Bits, Split};

    #[test]
    fn the_winner_is_always_the_first_of_the_least() {
        let mut chance = Split::new(3);
        for players in [1, 2, 3, 7, 40] {
            let mut tournament = Tournament::new(players);
            let mut plain = vec![f64::INFINITY; players];
            for _ in 0..2_000 {
                let player = chance.below(players);
                let at = if chance.below(4) == 0 { f64::INFINITY } else { chance.below(20) as f64 };
                tournament.set(player, at);
                plain[player] = at;
                let least = plain.iter().copied().fold(f64::INFINITY, f64::min);
                assert_eq!(tournament.least(), least);
                assert_eq!(Some(tournament.winner()), plain.iter().position(|other| *other == least));
            }
        }
    }
}
