use std::cmp::Ordering;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::{Arguments, Interpreter, Object, Result, Value, fail, syntax::BinaryOperator};

/// Python's `datetime`, `date` and `timedelta`. The only zone there is is UTC.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Time {
    Moment { at: NaiveDateTime, is_utc: bool },
    Day(NaiveDate),
    Span(TimeDelta),
}

impl Time {
    pub(crate) fn utc(at: DateTime<Utc>) -> Self {
        Self::Moment {
            at: at.naive_utc(),
            is_utc: true,
        }
    }

    pub(crate) fn into_value(self) -> Value {
        Value::object(self)
    }

    /// `datetime(2024, 1, 31, 12)` or `date(2024, 1, 31)`.
    pub(crate) fn from_parts(arguments: &Arguments, is_day: bool) -> Result<Self> {
        let part = |index, name, default| arguments.integer(index, name, default);
        let wrong = || fail("date or time is out of range");
        let (year, month, day) = (
            part(0, "year", 1)?,
            part(1, "month", 1)?,
            part(2, "day", 1)?,
        );
        let day = NaiveDate::from_ymd_opt(
            i32::try_from(year).map_err(|_| wrong())?,
            u32::try_from(month).map_err(|_| wrong())?,
            u32::try_from(day).map_err(|_| wrong())?,
        );
        let day = day.ok_or_else(wrong)?;
        if is_day {
            return Ok(Self::Day(day));
        }
        let small = |index, name| {
            part(index, name, 0).and_then(|number| u32::try_from(number).map_err(|_| wrong()))
        };
        let time = NaiveTime::from_hms_micro_opt(
            small(3, "hour")?,
            small(4, "minute")?,
            small(5, "second")?,
            small(6, "microsecond")?,
        );
        let zone = arguments.get(7, "tzinfo");
        Ok(Self::Moment {
            at: day.and_time(time.ok_or_else(wrong)?),
            is_utc: zone.is_some_and(|zone| !zone.is_none()),
        })
    }

    /// `timedelta(days=1, hours=2)`.
    pub(crate) fn span(arguments: &Arguments) -> Result<Self> {
        let units = [
            ("days", 86_400e6),
            ("seconds", 1e6),
            ("microseconds", 1.0),
            ("milliseconds", 1e3),
            ("minutes", 60e6),
            ("hours", 3_600e6),
            ("weeks", 604_800e6),
        ];
        let mut micros = 0.0;
        for (index, (name, factor)) in units.into_iter().enumerate() {
            if let Some(value) = arguments.get(index, name) {
                let number = value.number();
                micros += factor * number.ok_or_else(|| fail(format!("`{name}` is no number")))?;
            }
        }
        Ok(Self::Span(TimeDelta::microseconds(micros.round() as i64)))
    }

    /// `strptime`, with Python's directives.
    pub(crate) fn parsed(text: &str, format: &str) -> Result<Self> {
        let chrono_format = format.replace(".%f", "%.f");
        let at = NaiveDateTime::parse_from_str(text, &chrono_format).or_else(|_| {
            NaiveDate::parse_from_str(text, &chrono_format).map(|day| day.and_time(NaiveTime::MIN))
        });
        let at = at.map_err(|_| {
            fail(format!(
                "time `{text}` does not match the format `{format}`"
            ))
        })?;
        Ok(Self::Moment { at, is_utc: false })
    }

    /// `fromisoformat`.
    pub(crate) fn from_iso(text: &str, is_day: bool) -> Result<Self> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::utc(at.to_utc()));
        }
        let formats = [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
        ];
        let at = formats
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let at = at.or(day.map(|day| day.and_time(NaiveTime::MIN)));
        let at = at.ok_or_else(|| fail(format!("`{text}` is no date of ISO 8601")))?;
        Ok(match is_day {
            true => Self::Day(at.date()),
            false => Self::Moment { at, is_utc: false },
        })
    }

    /// What `+` and `-` give; `None` where Python refuses.
    pub(super) fn binary(self, operator: BinaryOperator, other: Self) -> Option<Self> {
        let signed = |span: TimeDelta| match operator {
            BinaryOperator::Add => Some(span),
            BinaryOperator::Subtract => Some(-span),
            _ => None,
        };
        let subtracts = operator == BinaryOperator::Subtract;
        match (self, other) {
            (Self::Moment { at, is_utc }, Self::Span(span)) => Some(Self::Moment {
                at: at.checked_add_signed(signed(span)?)?,
                is_utc,
            }),
            (Self::Day(day), Self::Span(span)) => {
                let days = signed(TimeDelta::days(whole_days(span)))?;
                Some(Self::Day(day.checked_add_signed(days)?))
            }
            (Self::Span(a), Self::Span(b)) => Some(Self::Span(a.checked_add(&signed(b)?)?)),
            (Self::Span(_), other) if operator == BinaryOperator::Add => {
                other.binary(operator, self)
            }
            (Self::Moment { at: a, .. }, Self::Moment { at: b, .. }) if subtracts => {
                Some(Self::Span(a - b))
            }
            (Self::Day(a), Self::Day(b)) if subtracts => Some(Self::Span(a - b)),
            _ => None,
        }
    }

    pub(super) fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Moment { at: a, .. }, Self::Moment { at: b, .. }) => Some(a.cmp(&b)),
            (Self::Day(a), Self::Day(b)) => Some(a.cmp(&b)),
            (Self::Span(a), Self::Span(b)) => Some(a.cmp(&b)),
            _ => None,
        }
    }

    fn at(self) -> Option<NaiveDateTime> {
        match self {
            Self::Moment { at, .. } => Some(at),
            Self::Day(day) => Some(day.and_time(NaiveTime::MIN)),
            Self::Span(_) => None,
        }
    }

    fn formatted(self, format: &str) -> Result<Value> {
        use std::fmt::Write;
        let at = self.at().ok_or_else(|| fail("a timedelta has no format"))?;
        let micros = format!("{:06}", at.and_utc().timestamp_subsec_micros());
        let mut text = String::new();
        write!(text, "{}", at.format(&format.replace("%f", &micros)))
            .map_err(|_| fail(format!("time format `{format}` is not valid")))?;
        Ok(Value::from(text))
    }

    fn replaced(self, arguments: &Arguments) -> Result<Value> {
        let at = self
            .at()
            .ok_or_else(|| fail("a timedelta has no `replace`"))?;
        let mut full = Arguments::default();
        for (name, now) in [
            ("year", i64::from(at.year())),
            ("month", i64::from(at.month())),
            ("day", i64::from(at.day())),
            ("hour", i64::from(at.hour())),
            ("minute", i64::from(at.minute())),
            ("second", i64::from(at.second())),
            (
                "microsecond",
                i64::from(at.and_utc().timestamp_subsec_micros()),
            ),
        ] {
            let index = full.positional.len();
            let value = arguments
                .get(index, name)
                .cloned()
                .unwrap_or(Value::Int(now));
            full.positional.push(value);
        }
        let is_aware = matches!(self, Self::Moment { is_utc: true, .. });
        let zone = arguments.keyword("tzinfo").cloned();
        let zone = zone.unwrap_or(if is_aware {
            Value::Bool(true)
        } else {
            Value::None
        });
        full.positional.push(zone);
        let is_day = matches!(self, Self::Day(_));
        Ok(Self::from_parts(&full, is_day)?.into_value())
    }
}

/// Days as Python counts them: down, also below zero.
fn whole_days(span: TimeDelta) -> i64 {
    span.num_microseconds().map_or_else(
        || span.num_days(),
        |micros| micros.div_euclid(86_400_000_000),
    )
}

impl Object for Time {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Moment { .. } => "datetime",
            Self::Day(_) => "date",
            Self::Span(_) => "timedelta",
        }
    }

    fn time(&self) -> Option<Time> {
        Some(*self)
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        if let Self::Span(span) = self {
            let micros = span
                .num_microseconds()
                .unwrap_or(i64::MAX)
                .rem_euclid(86_400_000_000);
            return Some(Value::Int(match name {
                "days" => whole_days(*span),
                "seconds" => micros / 1_000_000,
                "microseconds" => micros % 1_000_000,
                _ => return None,
            }));
        }
        let at = self.at()?;
        Some(Value::Int(match name {
            "year" => i64::from(at.year()),
            "month" => i64::from(at.month()),
            "day" => i64::from(at.day()),
            "hour" => i64::from(at.hour()),
            "minute" => i64::from(at.minute()),
            "second" => i64::from(at.second()),
            "microsecond" => i64::from(at.and_utc().timestamp_subsec_micros()),
            "tzinfo" => {
                let is_utc = matches!(self, Self::Moment { is_utc: true, .. });
                return Some(if is_utc {
                    Value::text("UTC")
                } else {
                    Value::None
                });
            }
            _ => return None,
        }))
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        if let Self::Span(span) = self {
            let micros = span.num_microseconds().unwrap_or(i64::MAX) as f64;
            return (name == "total_seconds").then_some(Ok(Value::Float(micros / 1e6)));
        }
        let at = self.at()?;
        let weekday = i64::from(at.weekday().num_days_from_monday());
        Some(match name {
            "strftime" => arguments
                .text(0, "format")
                .and_then(|format| self.formatted(&format)),
            "isoformat" => Ok(Value::from(self.print().replacen(' ', "T", 1))),
            "timestamp" => Ok(Value::Float(at.and_utc().timestamp_micros() as f64 / 1e6)),
            "date" => Ok(Self::Day(at.date()).into_value()),
            "weekday" => Ok(Value::Int(weekday)),
            "isoweekday" => Ok(Value::Int(weekday + 1)),
            "toordinal" => Ok(Value::Int(i64::from(at.num_days_from_ce()))),
            "replace" => self.replaced(&arguments),
            "astimezone" => Ok(Self::Moment { at, is_utc: true }.into_value()),
            _ => return None,
        })
    }

    fn print(&self) -> String {
        match self {
            Self::Moment { at, is_utc } => {
                let zone = if *is_utc { "+00:00" } else { "" };
                let fraction = match at.and_utc().timestamp_subsec_micros() {
                    0 => String::new(),
                    micros => format!(".{micros:06}"),
                };
                format!("{}{fraction}{zone}", at.format("%Y-%m-%d %H:%M:%S"))
            }
            Self::Day(day) => day.format("%Y-%m-%d").to_string(),
            Self::Span(span) => {
                let micros = span
                    .num_microseconds()
                    .unwrap_or(i64::MAX)
                    .rem_euclid(86_400_000_000);
                let seconds = micros / 1_000_000;
                let days = match whole_days(*span) {
                    0 => String::new(),
                    days @ (1 | -1) => format!("{days} day, "),
                    days => format!("{days} days, "),
                };
                let fraction = match micros % 1_000_000 {
                    0 => String::new(),
                    rest => format!(".{rest:06}"),
                };
                let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
                format!("{days}{hours}:{minutes:02}:{:02}{fraction}", seconds % 60)
            }
        }
    }
}
