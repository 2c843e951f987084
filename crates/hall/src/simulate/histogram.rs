//! Histogram of waits with 32 bins per power of two: a quantile is accurate to about one per cent.

const FINEST_LOG2: u64 = 6;
const OCTAVES: usize = 17;
const PER_OCTAVE: usize = 32;
/// Waits below 1/64 minute count as zero.
const BASE: u64 = (1023 - FINEST_LOG2) << 5;
pub(super) const BINS: usize = OCTAVES * PER_OCTAVE + 1;

#[inline]
pub(super) fn bin(minutes: f64) -> usize {
    let place = (minutes.to_bits() >> 47).saturating_sub(BASE - 1) as usize;
    if minutes > 0.0 { place.min(BINS - 1) } else { 0 }
}

/// Lower edge of a bin; the zero bin begins and ends at zero.
fn edge(bin: usize) -> f64 {
    if bin == 0 { 0.0 } else { f64::from_bits((BASE - 1 + bin as u64) << 47) }
}

/// Quantile at level `share`, linear within a bin; `None` if nothing was counted.
pub(super) fn quantile(counts: &[u64; BINS], share: f64) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let mut left = share * total as f64;
    for (place, count) in counts.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let here = *count as f64;
        if here > 0.0 && left <= here {
            let (from, to) = (edge(place), if place == 0 { 0.0 } else { edge(place + 1) });
            return Some(from + (to - from) * left / here);
        }
        left -= here;
    }
    Some(edge(BINS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_come_out_to_one_in_a_hundred() {
        let mut counts = [0_u64; BINS];
        for step in 0..1_000_000_u32 {
            counts[bin(f64::from(step) / 10_000.0)] += 1;
        }
        for share in [0.05, 0.5, 0.9, 0.99] {
            let got = quantile(&counts, share).unwrap();
            assert!((got / (share * 100.0) - 1.0).abs() < 0.01, "{share} {got}");
        }
    }

    #[test]
    fn nothing_and_very_much_have_a_bin() {
        assert_eq!(bin(0.0), 0);
        assert_eq!(bin(-0.0), 0);
        assert_eq!(bin(1e9), BINS - 1);
        assert_eq!(bin(1.0 / 64.0), 1);
        assert_eq!(quantile(&[0; BINS], 0.5), None);
    }
}
