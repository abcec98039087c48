use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Decimal128Builder},
    datatypes::DECIMAL128_MAX_PRECISION,
};

use super::Result;

/// Numerics of one column. Arrow wants one scale for all: the column's own, or else the longest fraction of the
/// first batch. A later value that does not fit is an error, never rounded.
pub(super) struct Numerics {
    scale: Option<u16>,
    values: Vec<Option<Numeric>>,
}

/// `unscaled / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Numeric {
    unscaled: i128,
    scale: u16,
}

impl Numerics {
    /// `modifier` is the column's: precision and scale, or -1 when it was declared without.
    pub(super) fn new(modifier: i32) -> Self {
        // The lower eleven bits are the scale, biased for the sign.
        let scale = (modifier >= 4).then(|| (modifier - 4) & 0x7ff);
        Self {
            scale: scale.and_then(|scale| u16::try_from(scale).ok().filter(|scale| *scale <= 38)),
            values: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, bytes: Option<&[u8]>) -> Result<()> {
        self.values.push(bytes.map(Numeric::read).transpose()?);
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<ArrayRef> {
        let longest = || self.values.iter().flatten().map(|value| value.scale).max();
        let scale = self.scale.or_else(longest).unwrap_or(0);
        if !self.values.is_empty() {
            self.scale = Some(scale);
        }
        let mut builder = Decimal128Builder::with_capacity(self.values.len());
        for value in self.values.drain(..) {
            builder.append_option(value.map(|value| value.at_scale(scale)).transpose()?);
        }
        let scale = i8::try_from(scale).map_err(|_| too_long())?;
        let array = builder
            .finish()
            .with_precision_and_scale(DECIMAL128_MAX_PRECISION, scale)
            .map_err(|_| too_long())?;
        Ok(Arc::new(array))
    }
}

fn too_long() -> String {
    "a numeric has more than 38 digits; cast it to double precision or to numeric(p, s)".to_owned()
}

impl Numeric {
    /// Reads the server's form: digits to the base of 10,000 with the weight of the first.
    fn read(bytes: &[u8]) -> Result<Self> {
        let short = |index: usize| {
            let bytes = bytes.get(2 * index..2 * index + 2);
            bytes
                .and_then(|bytes| bytes.try_into().ok())
                .map(u16::from_be_bytes)
                .ok_or_else(|| "a numeric is cut short".to_owned())
        };
        let (n_digits, weight, sign, scale) = (
            usize::from(short(0)?),
            i32::from(short(1)?.cast_signed()),
            short(2)?,
            short(3)?,
        );
        if sign & 0xc000 == 0xc000 {
            return Err("NaN and infinity are no decimals; cast to double precision".to_owned());
        }
        let mut unscaled: i128 = 0;
        for index in 0..n_digits {
            let digit = i128::from(short(4 + index)?);
            unscaled = unscaled
                .checked_mul(10_000)
                .and_then(|value| value.checked_add(digit))
                .ok_or_else(too_long)?;
        }
        // The last digit stands for 10,000^(weight - n_digits + 1).
        let exponent = 4 * (weight - i32::try_from(n_digits).unwrap_or(i32::MAX) + 1);
        let shift = i32::from(scale) + exponent;
        let power = 10_i128
            .checked_pow(shift.unsigned_abs())
            .ok_or_else(too_long)?;
        // To the right of the scale there are only zeros.
        unscaled = if shift >= 0 {
            unscaled.checked_mul(power).ok_or_else(too_long)?
        } else {
            unscaled / power
        };
        Ok(Self {
            unscaled: if sign == 0x4000 { -unscaled } else { unscaled },
            scale,
        })
    }

    fn at_scale(self, scale: u16) -> Result<i128> {
        let power = 10_i128
            .checked_pow(u32::from(self.scale.abs_diff(scale)))
            .ok_or_else(too_long)?;
        if scale >= self.scale {
            return self.unscaled.checked_mul(power).ok_or_else(too_long);
        }
        if self.unscaled % power != 0 {
            return Err(format!(
                "a numeric has more than {scale} decimal places, which earlier rows did not; cast it to numeric(p, s) or to double precision"
            ));
        }
        Ok(self.unscaled / power)
    }
}

#[cfg(test)]
mod tests {
    use super::Numeric;

    fn check(words: &[u16], unscaled: i128, scale: u16) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(Numeric::read(&bytes), Ok(Numeric { unscaled, scale }));
    }

    #[test]
    fn the_servers_digits_become_one_number() {
        // 0, 12345.6700, -0.05, 100000000 (one digit of weight 2), 1.5
        check(&[0, 0, 0, 0], 0, 0);
        check(&[3, 1, 0, 4, 1, 2345, 6700], 123_456_700, 4);
        check(&[1, 0xffff, 0x4000, 2, 500], -5, 2);
        check(&[1, 2, 0, 0, 1], 100_000_000, 0);
        check(&[2, 0, 0, 1, 1, 5000], 15, 1);
    }

    #[test]
    fn a_scale_is_kept_or_refused_but_never_rounded_to() {
        let value = Numeric {
            unscaled: 1500,
            scale: 3,
        };
        assert_eq!(value.at_scale(1), Ok(15));
        assert_eq!(value.at_scale(4), Ok(15_000));
        assert!(value.at_scale(0).is_err());
    }
}
