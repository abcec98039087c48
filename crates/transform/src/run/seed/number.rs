use std::fmt;

/// The signs that dbt lets stand around a number.
const CURRENCIES: [char; 19] = [
    '؋', '$', 'ƒ', '៛', '¥', '₡', '₱', '£', '€', '¢', '﷼', '₪', '₩', '₭', '₮', '₦', '฿', '₤', '₫',
];

/// A number as a seed spells it: `1,000`, `$5`, `7%`, `1e3`.
pub(super) struct Number {
    is_negative: bool,
    /// Digits before and after the point.
    whole: String,
    fraction: String,
    exponent: i64,
    /// `NaN` or `Infinity` in the place of digits.
    special: Option<&'static str>,
}

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches('%');
        let (outer_minus, text) = minus(text);
        let text = text.trim_matches(CURRENCIES).replace([',', '_'], "");
        let text = text.trim();
        let (inner_minus, digits) = minus(text);
        let digits = if inner_minus {
            digits
        } else {
            text.strip_prefix('+').unwrap_or(text)
        };
        let is_negative = outer_minus != inner_minus;
        let special = match digits.to_ascii_lowercase().as_str() {
            "nan" => Some("NaN"),
            "inf" | "infinity" => Some("Infinity"),
            _ => None,
        };
        if special.is_some() {
            let is_negative = is_negative && special != Some("NaN");
            return Some(Self {
                is_negative,
                whole: String::new(),
                fraction: String::new(),
                exponent: 0,
                special,
            });
        }
        let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_empty = whole.is_empty() && fraction.is_empty();
        if is_empty || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        Some(Self {
            is_negative,
            whole: whole.to_owned(),
            fraction: fraction.to_owned(),
            exponent: exponent.parse().ok()?,
            special: None,
        })
    }

    /// Whether digits that matter stand after the point.
    pub(super) fn has_decimals(&self) -> bool {
        let digits = format!("{}{}", self.whole, self.fraction);
        let significant = digits.trim_end_matches('0').len();
        significant > 0 && significant as i64 > self.whole.len() as i64 + self.exponent
    }
}

fn minus(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// How far an exponent is written out in zeros.
const WRITTEN_OUT: i64 = 40;

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        if let Some(special) = self.special {
            return write!(f, "{sign}{special}");
        }
        let whole = if self.whole.is_empty() {
            "0"
        } else {
            &self.whole
        };
        if !self.has_decimals() && (-WRITTEN_OUT..=WRITTEN_OUT).contains(&self.exponent) {
            // An integer column takes neither a point nor an exponent.
            let digits = format!("{whole}{}", self.fraction);
            let length = (whole.len() as i64 + self.exponent).max(0) as usize;
            let digits: String = digits
                .chars()
                .chain(std::iter::repeat('0'))
                .take(length)
                .collect();
            let digits = digits.trim_start_matches('0');
            return write!(f, "{sign}{}", if digits.is_empty() { "0" } else { digits });
        }
        write!(f, "{sign}{whole}")?;
        if !self.fraction.is_empty() {
            write!(f, ".{}", self.fraction)?;
        }
        match self.exponent {
            0 => Ok(()),
            exponent => write!(f, "e{exponent}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_are_spelled_in_many_ways() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let number =
                Number::parse(text).map(|number| (number.to_string(), number.has_decimals()));
            let expected = expected.map(|(text, decimals)| (text.to_owned(), decimals));
            assert_eq!(number, expected, "{text}");
        };
        check("1,000", Some(("1000", false)));
        check("$1,234.50", Some(("1234.50", true)));
        check("-$5", Some(("-5", false)));
        check("7%", Some(("7", false)));
        check("007", Some(("7", false)));
        check("1.00", Some(("1", false)));
        check(".5", Some(("0.5", true)));
        check("-0.0", Some(("-0", false)));
        check("15e-1", Some(("15e-1", true)));
        check("1.5e3", Some(("1500", false)));
        check("100e-2", Some(("1", false)));
        check("1_000", Some(("1000", false)));
        check("-inf", Some(("-Infinity", false)));
        check("NaN", Some(("NaN", false)));
        for text in ["", "-", ".", "1.2.3", "1e", "abc", "12px", "2024-05-06"] {
            check(text, None);
        }
    }
}
