use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::number::Number;

/// What a column's values are, by dbt's rules: the first of these that every value can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Decimal,
    Date,
    /// `2024-05-06 07:08:09`.
    DateTime,
    /// `2024-05-06T07:08:09`, perhaps with an offset.
    IsoDateTime,
    Boolean,
    Text,
}

impl Kind {
    /// The kind of a column with the given values.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut guess = Guess::default();
        for value in values.filter(|value| !is_null(value)) {
            guess.look_at(value.trim());
        }
        guess.kind()
    }

    /// The SQL type that dbt gives such a column.
    pub(super) fn data_type(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Decimal => "float8",
            Self::Date => "date",
            Self::DateTime | Self::IsoDateTime => "timestamp without time zone",
            Self::Boolean => "boolean",
            Self::Text => "text",
        }
    }

    /// A value of such a column as SQL reads it.
    pub(super) fn sql_text(self, value: &str) -> Option<String> {
        if is_null(value) {
            return None;
        }
        let trimmed = value.trim();
        let moment = |moment: NaiveDateTime| moment.format("%Y-%m-%d %H:%M:%S%.f").to_string();
        let text = match self {
            Self::Integer | Self::Decimal => {
                Number::parse(trimmed).map(|number| number.to_string())
            }
            Self::Date => date(trimmed).map(|date| date.to_string()),
            Self::DateTime => datetime(trimmed).map(moment),
            Self::IsoDateTime => iso_datetime(trimmed).map(moment),
            Self::Boolean => Some(trimmed.to_lowercase()),
            Self::Text => None,
        };
        Some(text.unwrap_or_else(|| value.to_owned()))
    }
}

/// Empty and `null` mean nothing.
fn is_null(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.eq_ignore_ascii_case("null")
}

/// Which kinds every value of a column could still be.
struct Guess {
    number: bool,
    decimals: bool,
    date: bool,
    datetime: bool,
    iso_datetime: bool,
    boolean: bool,
}

impl Default for Guess {
    fn default() -> Self {
        Self {
            number: true,
            decimals: false,
            date: true,
            datetime: true,
            iso_datetime: true,
            boolean: true,
        }
    }
}

impl Guess {
    fn look_at(&mut self, value: &str) {
        match Number::parse(value) {
            Some(number) => self.decimals |= number.has_decimals(),
            None => self.number = false,
        }
        self.date &= date(value).is_some();
        self.datetime &= datetime(value).is_some();
        self.iso_datetime &= iso_datetime(value).is_some();
        self.boolean &= value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    }

    fn kind(&self) -> Kind {
        let candidates = [
            (self.number && !self.decimals, Kind::Integer),
            (self.number, Kind::Decimal),
            (self.date, Kind::Date),
            (self.datetime, Kind::DateTime),
            (self.iso_datetime, Kind::IsoDateTime),
            (self.boolean, Kind::Boolean),
        ];
        let fitting = candidates.iter().find(|(fits, _)| *fits);
        fitting.map_or(Kind::Text, |(_, kind)| *kind)
    }
}

fn date(value: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()
}

fn datetime(value: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S").ok()
}

/// A moment with an offset becomes UTC.
fn iso_datetime(value: &str) -> Option<NaiveDateTime> {
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    let parse = |format: &str| NaiveDateTime::parse_from_str(value, format).ok();
    let with_offset = |format: &str| {
        let moment = DateTime::parse_from_str(value, &format!("{format}%#z")).ok()?;
        Some(moment.with_timezone(&Utc).naive_utc())
    };
    formats
        .iter()
        .find_map(|format| parse(format).or_else(|| with_offset(format)))
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_column_has_the_first_kind_that_fits_all_its_values() {
        let check = |values: &[&str], kind: Kind, texts: &[Option<&str>]| {
            let found = Kind::of(values.iter().copied());
            assert_eq!(found, kind, "{values:?}");
            let found: Vec<_> = values.iter().map(|value| kind.sql_text(value)).collect();
            let found: Vec<_> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, texts);
        };
        let (ten, none) = (Some("10"), None);
        check(
            &["1,0", "$10", "10%", "", "null", "1e1"],
            Kind::Integer,
            &[ten, ten, ten, none, none, ten],
        );
        check(&["10", "-$1.50"], Kind::Decimal, &[ten, Some("-1.50")]);
        check(&["2024-5-6"], Kind::Date, &[Some("2024-05-06")]);
        check(
            &["2024-05-06 07:08:09"],
            Kind::DateTime,
            &[Some("2024-05-06 07:08:09")],
        );
        check(
            &[
                "2024-05-06T07:08:09.5",
                "2024-05-06T07:08:09+02:00",
                "2024-05-06T07:08:09Z",
            ],
            Kind::IsoDateTime,
            &[
                Some("2024-05-06 07:08:09.500"),
                Some("2024-05-06 05:08:09"),
                Some("2024-05-06 07:08:09"),
            ],
        );
        check(
            &["TRUE", " false "],
            Kind::Boolean,
            &[Some("true"), Some("false")],
        );
        check(
            &["2024-05-06", "1"],
            Kind::Text,
            &[Some("2024-05-06"), Some("1")],
        );
        check(&[" padded ", "NULL"], Kind::Text, &[Some(" padded "), none]);
        check(&["", "null"], Kind::Integer, &[none, none]);
    }
}
