//! Fast reproducible random numbers: xoshiro256++ for streams, SplitMix64 for single draws that must not
//! depend on order, and the ziggurat of Marsaglia and Tsang for exponential and normal deviates.

use std::sync::OnceLock;

/// A source of 64 random bits.
pub trait Bits {
    fn bits(&mut self) -> u64;

    /// In [0, 1).
    #[inline]
    fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let whole = (self.bits() >> 11) as f64;
        whole * (1.0 / 9_007_199_254_740_992.0)
    }

    /// In (0, 1).
    #[inline]
    fn open_unit(&mut self) -> f64 {
        self.unit() + 0.5 / 9_007_199_254_740_992.0
    }

    #[inline]
    fn below(&mut self, bound: usize) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the product's upper half is below the bound")]
        let picked = ((u128::from(self.bits()) * bound as u128) >> 64) as usize;
        picked
    }

    /// Exponential with mean one.
    #[inline]
    fn exponential(&mut self) -> f64 {
        exponential(self, Tables::get())
    }

    /// Standard normal: mean 0, standard deviation 1.
    #[inline]
    fn normal(&mut self) -> f64 {
        normal(self, Tables::get())
    }
}

/// SplitMix64: every seed is good, and starting a stream is free.
#[derive(Clone, Copy, Debug)]
pub struct Split(u64);

impl Split {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The stream that belongs to this pair of numbers.
    pub const fn of(seed: u64, key: u64) -> Self {
        Self(mix(seed ^ mix(key.wrapping_add(0x9E37_79B9_7F4A_7C15))))
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Bits for Split {
    #[inline]
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }
}

/// xoshiro256++ of Blackman and Vigna.
#[derive(Clone, Debug)]
pub struct Xoshiro([u64; 4]);

impl Xoshiro {
    pub fn new(seed: u64) -> Self {
        let mut split = Split::new(seed);
        Self([split.bits(), split.bits(), split.bits(), split.bits()])
    }
}

impl Bits for Xoshiro {
    #[inline]
    fn bits(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let shifted = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= shifted;
        s[3] = s[3].rotate_left(45);
        result
    }
}

const LAYERS: usize = 256;
/// Start of the tail of each density and the area of one layer, for 256 layers.
const NORMAL: (f64, f64) = (3.654_152_885_361_009, 0.004_928_673_233_974_655);
const EXPONENTIAL: (f64, f64) = (7.697_117_470_131_05, 0.003_949_659_822_581_572);

#[derive(Debug)]
struct Layers {
    x: [f64; LAYERS + 1],
    density: [f64; LAYERS + 1],
}

#[derive(Debug)]
pub(crate) struct Tables {
    normal: Layers,
    exponential: Layers,
}

impl Tables {
    #[inline]
    pub(crate) fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| Self {
            normal: Layers::of(NORMAL, |x| (-x * x / 2.0).exp(), |y| (-2.0 * y.ln()).sqrt()),
            exponential: Layers::of(EXPONENTIAL, |x| (-x).exp(), |y| -y.ln()),
        })
    }
}

impl Layers {
    fn of((tail, area): (f64, f64), density: fn(f64) -> f64, inverse: fn(f64) -> f64) -> Self {
        let mut x = [0.0; LAYERS + 1];
        x[0] = area / density(tail);
        x[1] = tail;
        for layer in 2..LAYERS {
            x[layer] = inverse(area / x[layer - 1] + density(x[layer - 1]));
        }
        Self { x, density: x.map(density) }
    }
}

#[inline]
pub(crate) fn exponential<B: Bits + ?Sized>(from: &mut B, tables: &Tables) -> f64 {
    let layers = &tables.exponential;
    loop {
        let bits = from.bits();
        let layer = (bits & 0xFF) as usize;
        let x = unit_of(bits) * layers.x[layer];
        if x < layers.x[layer + 1] {
            return x;
        }
        if layer == 0 {
            return EXPONENTIAL.0 - from.open_unit().ln();
        }
        if layers.density[layer + 1] + (layers.density[layer] - layers.density[layer + 1]) * from.unit()
            < (-x).exp()
        {
            return x;
        }
    }
}

#[inline]
pub(crate) fn normal<B: Bits + ?Sized>(from: &mut B, tables: &Tables) -> f64 {
    let layers = &tables.normal;
    loop {
        let bits = from.bits();
        let layer = (bits & 0xFF) as usize;
        let side = 2.0 * unit_of(bits) - 1.0;
        let x = side * layers.x[layer];
        if x.abs() < layers.x[layer + 1] {
            return x;
        }
        if layer == 0 {
            return normal_tail(from, side < 0.0);
        }
        let between = layers.density[layer] - layers.density[layer + 1];
        if layers.density[layer + 1] + between * from.unit() < (-x * x / 2.0).exp() {
            return x;
        }
    }
}

fn normal_tail<B: Bits + ?Sized>(from: &mut B, negative: bool) -> f64 {
    loop {
        let x = -from.open_unit().ln() / NORMAL.0;
        let y = -from.open_unit().ln();
        if 2.0 * y >= x * x {
            let value = NORMAL.0 + x;
            return if negative { -value } else { value };
        }
    }
}

/// In (0, 1), from the 52 bits that do not select the layer.
#[inline]
fn unit_of(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3FF0_0000_0000_0000) - (1.0 - f64::EPSILON / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> [f64; 4] {
        let count = 4_000_000;
        let mut sums = [0.0; 4];
        for _ in 0..count {
            let value = draw();
            let mut power = 1.0;
            for sum in &mut sums {
                power *= value;
                *sum += power;
            }
        }
        sums.map(|sum| sum / f64::from(count))
    }

    #[test]
    fn exponential_and_normal_numbers_have_their_moments() {
        let mut stream = Xoshiro::new(11);
        for (measured, wanted) in moments(|| stream.exponential()).into_iter().zip([1.0, 2.0, 6.0, 24.0]) {
            assert!((measured / wanted - 1.0).abs() < 0.01, "{measured} {wanted}");
        }
        for (measured, wanted) in moments(|| stream.normal()).into_iter().zip([0.0, 1.0, 0.0, 3.0]) {
            assert!((measured - wanted).abs() < 0.012, "{measured} {wanted}");
        }
    }

    #[test]
    fn tails_are_as_heavy_as_they_should_be() {
        let mut stream = Split::new(5);
        let count = 4_000_000_u32;
        let far = (0..count).filter(|_| stream.normal().abs() > 3.7).count() as f64 / f64::from(count);
        assert!((far / 2.155_9e-4 - 1.0).abs() < 0.12, "{far}");
        let late = (0..count).filter(|_| stream.exponential() > 8.0).count() as f64 / f64::from(count);
        assert!((late / (-8.0_f64).exp() - 1.0).abs() < 0.1, "{late}");
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // First outputs of xoshiro256++ from the state 1, 2, 3, 4.
        let mut stream = Xoshiro([1, 2, 3, 4]);
        assert_eq!(
            [stream.bits(), stream.bits(), stream.bits()],
            [41_943_041, 58_720_359, 3_588_806_011_781_223]
        );
    }
}
