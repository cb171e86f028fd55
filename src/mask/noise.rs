//! Noise made of random bits: uniform, Gaussian and Laplace. Only whole numbers are computed with, so that every machine
//! gives the same noise for ever. Machinery of `perturb` and `spread`; holds no key and draws nothing by itself.
//!
//! A multiple is a fixed-point number with 40 bits behind the point. Refuses nothing: any lane is data.

/// Bits behind the point.
const BITS: u32 = 40;
const ONE: i128 = 1 << BITS;
/// ln 2 in 2^-40.
const LN_2: i128 = 762_123_384_786;

/// How noise is spread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spread {
    /// Each as likely, up to the amount either way.
    Uniform,
    /// The amount is the standard deviation.
    Gaussian,
    /// The amount is the scale b: the mean distance from the middle.
    Laplace,
}

/// Returns `number · multiple`, rounded to the nearest whole, the multiple being in 2^-40.
pub(super) fn times(number: i128, multiple: i128) -> i128 {
    let (high, low) = (number >> BITS, number & (ONE - 1));
    high * multiple + ((low * multiple + ONE / 2) >> BITS)
}

/// Returns a whole number from -most to most, each as likely; `most` is from 0 to 10^37.
pub(super) fn uniform(lane: u64, most: i128) -> i128 {
    let (lane, choices) = (i128::from(lane), 2 * most + 1);
    let (high, low) = (choices >> 64, choices & i128::from(u64::MAX));
    // The product of two numbers below 2^64 can have 128 bits: without a sign.
    let carry = (low.unsigned_abs() * lane.unsigned_abs()) >> 64;
    high * lane + i128::try_from(carry).unwrap_or_default() - most
}

/// Returns -ln(u), u being (2 · bits + 1) / 2^65: the middle of one of 2^64 parts of 0 to 1.
fn minus_ln(bits: u64) -> i128 {
    // Binary logarithm digit by digit: a square doubles it. C. S. Turner, IEEE Signal Processing Magazine 27(5), 2010.
    let wide = 2 * u128::from(bits) + 1;
    let whole = wide.ilog2();
    // 1 to 2, with 63 bits behind the point.
    let mut part = if whole > 63 { wide >> (whole - 63) } else { wide << (63 - whole) };
    let mut log: i128 = 0;
    for _ in 0..BITS {
        part = (part * part) >> 63;
        log <<= 1;
        if part >> 64 != 0 {
            part >>= 1;
            log |= 1;
        }
    }
    let log = (i128::from(whole) << BITS) + log - (65 << BITS);
    -(log * LN_2) >> BITS
}

/// Returns a coefficient of ten digits behind the point in 2^-40.
const fn ten(digits: i128) -> i128 {
    (digits << BITS) / 10_000_000_000
}

/// Multiplies two numbers in 2^-40.
const fn product(a: i128, b: i128) -> i128 {
    (a * b) >> BITS
}

/// Returns a polynomial at r, the highest coefficient first.
fn polynomial(coefficients: &[i128], r: i128) -> i128 {
    coefficients.iter().fold(0, |sum, coefficient| product(sum, r) + coefficient)
}

/// Returns the quantile of the normal distribution at (2 · bits + 1) / 2^65; good to seven digits. Source: M. J. Wichura,
/// Algorithm AS 241 (PPND7), Applied Statistics 37(3), 1988.
pub(super) fn normal(bits: u64) -> i128 {
    const NEAR: [i128; 4] =
        [ten(591_093_747_200), ten(1_592_911_320_200), ten(504_342_719_380), ten(33_871_327_179)];
    const NEAR_UNDER: [i128; 4] = [ten(671_875_636_000), ten(787_577_576_640), ten(178_951_694_690), ONE];
    const FAR: [i128; 4] =
        [ten(1_702_382_110), ten(13_067_284_816), ten(27_568_153_900), ten(14_234_372_777)];
    const FAR_UNDER: [i128; 3] = [ten(1_202_113_297), ten(7_370_016_425), ONE];
    const FARTHEST: [i128; 4] =
        [ten(173_372_040), ten(4_286_829_434), ten(30_812_263_860), ten(66_579_051_150)];
    const FARTHEST_UNDER: [i128; 3] = [ten(122_582_026), ten(2_419_789_423), ONE];
    // The probability less one half.
    let middle = i128::from(bits >> (64 - BITS)) - ONE / 2;
    if middle.abs() <= ten(4_250_000_000) {
        let r = ten(1_806_250_000) - product(middle, middle);
        let value = (polynomial(&NEAR, r) << BITS) / polynomial(&NEAR_UNDER, r);
        return product(middle, value);
    }
    let negative = bits >> 63 == 0;
    let distance = minus_ln(if negative { bits } else { !bits });
    // The square root of a number in 2^-40, again in 2^-40.
    let root = (distance << BITS).isqrt();
    let value = if root <= 5 * ONE {
        let r = root - ten(16_000_000_000);
        (polynomial(&FAR, r) << BITS) / polynomial(&FAR_UNDER, r)
    } else {
        let r = root - 5 * ONE;
        (polynomial(&FARTHEST, r) << BITS) / polynomial(&FARTHEST_UNDER, r)
    };
    if negative { -value } else { value }
}

/// Returns a multiple of the scale of Laplace's distribution: a sign and an exponential.
fn laplace(bits: u64) -> i128 {
    let distance = minus_ln((bits << 1) | 1);
    if bits >> 63 == 0 { -distance } else { distance }
}

/// Returns noise of an amount. Gaussian and Laplace noise beyond `tails` amounts is drawn anew from the next lane; if all
/// four are beyond it, it is cut there. `amount` is from 0 to 10^37, `tails` from 1 to 8.
pub(super) fn noise(spread: Spread, lanes: [u64; 4], amount: i128, tails: i128) -> i128 {
    let multiple: fn(u64) -> i128 = match spread {
        Spread::Uniform => return uniform(lanes[0], amount),
        Spread::Gaussian => normal,
        Spread::Laplace => laplace,
    };
    let most = tails * ONE;
    let mut last = 0;
    for lane in lanes {
        last = multiple(lane);
        if last.abs() <= most {
            break;
        }
    }
    times(amount, last.clamp(-most, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lanes that follow each other: SplitMix64.
    fn lane(n: u64) -> u64 {
        let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn float(number: i128) -> f64 {
        number.to_string().parse().unwrap()
    }

    fn near(found: i128, wanted: f64, off: f64) {
        let found = float(found) / float(ONE);
        assert!((found - wanted).abs() <= off, "{found}, not {wanted}");
    }

    /// Source of the quantiles: Python 3.11, statistics.NormalDist().inv_cdf.
    #[test]
    fn quantiles_of_the_normal_distribution() {
        // Probabilities of one half, 0.6, 0.075, 0.924, 0.975, 0.001, 1e-6 and 1e-12, times 2^64.
        for (bits, wanted) in [
            (9_223_372_036_854_775_808, 0.0),
            (11_068_046_444_225_730_560, 0.253_347_103_135_799_8),
            (1_383_505_805_528_216_320, -1.439_531_470_938_456),
            (17_044_791_524_107_626_496, 1.432_502_720_825_811_9),
            (17_985_575_471_866_812_416, 1.959_963_984_540_053_6),
            (18_446_744_073_709_552, -3.090_232_306_167_813),
            (18_446_744_073_710, -4.753_424_308_822_899),
            (18_446_744, -7.034_483_825_301_132),
        ] {
            near(normal(bits), wanted, 1e-6);
        }
        near(normal(0), -9.155_293_772_686_074, 1e-5);
        assert_eq!(normal(u64::MAX), -normal(0));
    }

    #[test]
    fn logarithms() {
        near(minus_ln(u64::MAX), 0.0, 1e-11);
        near(minus_ln(1 << 63), std::f64::consts::LN_2, 1e-11);
        near(minus_ln(0), 65.0 * std::f64::consts::LN_2, 1e-10);
        near(minus_ln(6_786_177_901_268_885_274), 1.0, 1e-9);
        near(laplace(u64::MAX >> 1), 0.0, 1e-11);
    }

    #[test]
    fn noise_has_the_spread_it_says() {
        const COUNT: u64 = 100_000;
        for (spread, variance, share) in [
            // Variance in amounts squared, share of noise within half an amount.
            (Spread::Uniform, 1.0 / 3.0, 0.5),
            (Spread::Gaussian, 1.0, 0.382_9),
            (Spread::Laplace, 2.0, 0.393_5),
        ] {
            let (mut sum, mut squares, mut within) = (0.0, 0.0, 0.0);
            for n in 0..COUNT {
                let lanes = [1, 2, 3, 4].map(|part| lane(n * 4 + part));
                let x = float(noise(spread, lanes, 1_000_000, 8)) / 1e6;
                sum += x;
                squares += x * x;
                within += f64::from(u8::from(x.abs() <= 0.5));
            }
            let count = float(COUNT.into());
            assert!((sum / count).abs() < 0.02, "mean {}", sum / count);
            assert!((squares / count - variance).abs() < variance * 0.03, "variance {}", squares / count);
            assert!((within / count - share).abs() < 0.01, "share {}", within / count);
        }
    }

    #[test]
    fn tails_are_cut() {
        for spread in [Spread::Gaussian, Spread::Laplace] {
            let most =
                (0..20_000).map(|n| noise(spread, [lane(n), lane(n + 7), 1 << 63, 0], 1000, 2).abs()).max();
            assert!((1980..=2000).contains(&most.unwrap()), "{most:?}");
            assert_eq!(noise(spread, [0; 4], 1000, 2), -2000);
        }
    }

    #[test]
    fn nasty_38_amounts_of_all_sizes() {
        assert_eq!(uniform(0, 0), 0);
        assert_eq!((uniform(0, 5), uniform(u64::MAX, 5)), (-5, 5));
        let most = 10_i128.pow(37);
        assert_eq!(uniform(0, most), -most);
        assert!(uniform(u64::MAX, most) > most - most / 1_000_000_000);
        assert!(noise(Spread::Laplace, [u64::MAX; 4], most, 8).abs() <= most * 8);
        assert_eq!(times(-3, ONE / 2), -1);
        assert_eq!(times(10_i128.pow(36), 8 * ONE), 8 * 10_i128.pow(36));
    }
}
