//! The false discovery rate: with thousands of cells tested, some look hot by chance alone.
//!
//! Benjamini, Y. and Hochberg, Y. (1995), "Controlling the false discovery rate: a practical and powerful approach to
//! multiple testing", Journal of the Royal Statistical Society B 57(1), 289-300: with the n p values in ascending order,
//! reject the hypotheses 1..k for the largest k with p(k) <= k/n * alpha.

/// Benjamini-Hochberg adjusted p values, in the order given: the smallest level at which each would be rejected,
/// `min over j >= i of min(1, p(j) * n / j)`. A p that is not a number is adjusted to 1.
#[must_use]
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let n = p.len() as f64;
    let mut ranked: Vec<(f64, usize)> = p.iter().copied().zip(0..).collect();
    ranked.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut adjusted = vec![1.0; p.len()];
    let mut smallest = 1.0_f64;
    for (position, (p, index)) in ranked.into_iter().enumerate().rev() {
        // The ratio first: it is at least 1, so that no adjusted value is smaller than its p.
        smallest = smallest.min(p * (n / (position as f64 + 1.0)));
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = smallest;
        }
    }
    adjusted
}

/// The largest p value rejected at level `alpha` may be no larger than this: `k * alpha / n` for the largest rank k with
/// `p(k) <= k * alpha / n`, or `alpha / n` when no p value passes, as `esda.fdr` has it; 0 when there are no p values. (`esda.fdr` wants `p(k)`
/// strictly below its limit; the paper, and this, let it equal it.)
#[must_use]
pub fn threshold(p: &[f64], alpha: f64) -> f64 {
    let n = p.len() as f64;
    let mut ascending = p.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let limit = |position: usize| (position as f64 + 1.0) * alpha / n;
    match ascending.iter().enumerate().rposition(|(position, p)| *p <= limit(position)) {
        Some(position) => limit(position),
        None if p.is_empty() => 0.0,
        None => limit(0),
    }
}

/// Which hypotheses are rejected at level `alpha`: p at or below the [`threshold`].
#[must_use]
pub fn decisions(p: &[f64], alpha: f64) -> Vec<bool> {
    let threshold = threshold(p, alpha);
    p.iter().map(|p| *p <= threshold).collect()
}
