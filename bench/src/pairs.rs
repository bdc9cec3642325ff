//! Two ways of the same thing measured in turns, so that what the machine does besides meets both.

/// Pairs of turns. Each side goes first as often as the other.
const PAIRS: usize = 10;

/// What one turn measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// Requests answered a second.
    pub(crate) per_second: f64,
    /// Processor time of the server's process, in microseconds a request.
    pub(crate) cpu_us: f64,
}

/// The turns of both sides, pair by pair.
#[derive(Debug)]
pub(crate) struct Pairs(Vec<(Turn, Turn)>);

impl Pairs {
    /// Takes the turns: `turn(true)` is the first side's.
    pub(crate) fn take(mut turn: impl FnMut(bool) -> Turn) -> Self {
        let mut one = |number: usize| {
            let first_side = number.is_multiple_of(2);
            let (begun, ended) = (turn(first_side), turn(!first_side));
            if first_side { (begun, ended) } else { (ended, begun) }
        };
        Self((0..PAIRS).map(&mut one).collect())
    }

    /// The median rate of both sides.
    pub(crate) fn rates(&self) -> (f64, f64) {
        self.medians(|turn| turn.per_second)
    }

    /// The median processor time a request of both sides.
    pub(crate) fn cpu_us(&self) -> (f64, f64) {
        self.medians(|turn| turn.cpu_us)
    }

    /// The first side's rate as a share of the second's: the median over the pairs, and its interval. Of ten, the second and
    /// the ninth hold the median between them 98 times in 100 (sign test).
    pub(crate) fn share(&self) -> (f64, [f64; 2]) {
        let mut shares: Vec<f64> = self.0.iter().map(|(first, second)| first.per_second / second.per_second).collect();
        shares.sort_by(f64::total_cmp);
        (middle(&shares), [shares[1], shares[PAIRS - 2]])
    }

    fn medians(&self, of: impl Fn(&Turn) -> f64) -> (f64, f64) {
        let side = |turns: Vec<f64>| {
            let mut turns = turns;
            turns.sort_by(f64::total_cmp);
            middle(&turns)
        };
        (side(self.0.iter().map(|(first, _)| of(first)).collect()), side(self.0.iter().map(|(_, second)| of(second)).collect()))
    }
}

/// The median of what is in order.
fn middle(of: &[f64]) -> f64 {
    f64::midpoint(of[(of.len() - 1) / 2], of[of.len() / 2])
}
