//! How old the rows of a source may be.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value as Json, json};

use crate::{Status, yaml};

/// What a source says of its age, after what it inherits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Older is worth a warning.
    pub warn_after: Option<Limit>,
    /// Older is an error.
    pub error_after: Option<Limit>,
    /// A condition on the rows that count.
    pub filter: Option<String>,
    /// The column or expression that tells when a row was loaded.
    pub loaded_at_field: Option<String>,
    /// A query that tells when the newest row was loaded, instead.
    pub loaded_at_query: Option<String>,
    /// The limits as artifacts have them: what is `null` was switched off.
    pub(crate) criteria: Json,
}

/// A length of time, in the words it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub count: i64,
    /// Of what.
    pub period: Period,
}

/// The unit of a [`Limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
}

impl Period {
    /// dbt's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Minute, Self::Hour, Self::Day];
        all.into_iter().find(|period| period.name() == name)
    }
}

impl Limit {
    fn seconds(self) -> f64 {
        let seconds = match self.period {
            Period::Minute => 60,
            Period::Hour => 3600,
            Period::Day => 86_400,
        };
        self.count as f64 * f64::from(seconds)
    }
}

/// What a look at a source found.
#[derive(Debug, Clone, PartialEq)]
pub struct Age {
    /// When the newest row was loaded; the year 1 when there is none.
    pub max_loaded_at: DateTime<Utc>,
    /// When it was looked at.
    pub snapshotted_at: DateTime<Utc>,
    /// What it was held against.
    pub freshness: Freshness,
}

impl Age {
    /// The time between the two; below zero for rows of the future.
    pub fn elapsed(&self) -> TimeDelta {
        self.snapshotted_at - self.max_loaded_at
    }

    /// Seconds between the two.
    pub fn seconds(&self) -> f64 {
        let elapsed = self.elapsed();
        let microseconds = elapsed - TimeDelta::seconds(elapsed.num_seconds());
        elapsed.num_seconds() as f64
            + microseconds.num_microseconds().unwrap_or_default() as f64 / 1e6
    }

    pub(crate) fn status(&self) -> Status {
        let is_past =
            |limit: Option<Limit>| limit.is_some_and(|limit| self.seconds() > limit.seconds());
        if is_past(self.freshness.error_after) {
            Status::Error
        } else if is_past(self.freshness.warn_after) {
            Status::Warn
        } else {
            Status::Pass
        }
    }
}

impl Freshness {
    /// Whether there is anything to check.
    pub fn is_checked(&self) -> bool {
        self.warn_after.is_some() || self.error_after.is_some()
    }

    /// Puts together what `dbt_project.yml`, the source and the table say; each map has both the entry's own keys
    /// and its `config`, rendered.
    ///
    /// # Errors
    /// What is wrong, as a fragment.
    pub(crate) fn of_source(
        project: &Map<String, Json>,
        levels: &[Level; 2],
    ) -> Result<Self, String> {
        let mut merged = Threshold::written(levels[0].own.get("freshness"))?;
        for written in [
            levels[0].config.get("freshness"),
            levels[1].own.get("freshness"),
            levels[1].config.get("freshness"),
        ] {
            merged = match (merged, Threshold::written(written)?) {
                (Some(base), Some(over)) => Some(base.merged(over)),
                (None, over) => over.filter(Threshold::is_some),
                (Some(_), None) => None,
            };
        }
        let merged = match merged {
            Some(threshold) if !threshold.is_some() => {
                Threshold::written(project.get("freshness"))?
            }
            merged => merged,
        };
        let criteria = merged.as_ref().map_or(Json::Null, Threshold::json);
        let threshold = merged.unwrap_or_default();
        let [source, table] = levels;
        let (field, query) = (table.text("loaded_at_field"), table.text("loaded_at_query"));
        for level in levels {
            if level.text("loaded_at_field").is_some() && level.text("loaded_at_query").is_some() {
                return Err("has both `loaded_at_field` and `loaded_at_query`".to_owned());
            }
        }
        let names_field = table.own.contains_key("loaded_at_field") || field.is_some();
        let loaded_at_query = match query {
            None if !names_field => source.text("loaded_at_query"),
            query => query,
        };
        let loaded_at_field = match field {
            None if !names_field => source.text("loaded_at_field"),
            field => field,
        };
        Ok(Self {
            warn_after: threshold.warn_after.flatten(),
            error_after: threshold.error_after.flatten(),
            filter: threshold.filter,
            loaded_at_field,
            loaded_at_query,
            criteria,
        })
    }
}

/// What one entry says: its own keys and those of its `config`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) own: Map<String, Json>,
    pub(crate) config: Map<String, Json>,
}

impl Level {
    fn text(&self, key: &str) -> Option<String> {
        let found = [&self.own, &self.config]
            .into_iter()
            .filter_map(|map| map.get(key));
        let mut texts = found.filter(|value| !value.is_null()).map(yaml::plain);
        texts.next().filter(|text| !text.is_empty())
    }
}

/// `freshness:` as one entry has it: a limit that is written as `null` is `None`, one without values `Some(None)`.
#[derive(Debug, Clone)]
struct Threshold {
    warn_after: Option<Option<Limit>>,
    error_after: Option<Option<Limit>>,
    filter: Option<String>,
}

impl Default for Threshold {
    fn default() -> Self {
        Self {
            warn_after: Some(None),
            error_after: Some(None),
            filter: None,
        }
    }
}

impl Threshold {
    /// Nothing written is a threshold without limits, `null` is none.
    fn written(written: Option<&Json>) -> Result<Option<Self>, String> {
        let Some(written) = written else {
            return Ok(Some(Self::default()));
        };
        if written.is_null() {
            return Ok(None);
        }
        let limit = |key: &str| match written.get(key) {
            None => Ok(Some(None)),
            Some(Json::Null) => Ok(None),
            Some(limit) => read_limit(key, limit).map(Some),
        };
        let filter = written.get("filter").filter(|filter| !filter.is_null());
        Ok(Some(Self {
            warn_after: limit("warn_after")?,
            error_after: limit("error_after")?,
            filter: filter.map(yaml::plain),
        }))
    }

    fn json(&self) -> Json {
        let limit = |limit: Option<Option<Limit>>| match limit {
            None => Json::Null,
            Some(limit) => json!({
                "count": limit.map(|limit| limit.count),
                "period": limit.map(|limit| limit.period.name()),
            }),
        };
        json!({
            "warn_after": limit(self.warn_after),
            "error_after": limit(self.error_after),
            "filter": self.filter,
        })
    }

    fn is_some(&self) -> bool {
        self.warn_after.flatten().is_some() || self.error_after.flatten().is_some()
    }

    fn merged(self, over: Self) -> Self {
        // A limit that is written replaces the other; `null` takes it away.
        let limit = |base: Option<Option<Limit>>, over: Option<Option<Limit>>| match over {
            Some(None) => base,
            over => over,
        };
        Self {
            warn_after: limit(self.warn_after, over.warn_after),
            error_after: limit(self.error_after, over.error_after),
            filter: over.filter.or(self.filter),
        }
    }
}

/// A limit with a number and no unit, or none of both, is no limit.
fn read_limit(key: &str, limit: &Json) -> Result<Option<Limit>, String> {
    let written = |part: &str| limit.get(part).filter(|value| !value.is_null());
    let (Some(count), Some(period)) = (written("count"), written("period")) else {
        return Ok(None);
    };
    let count = count
        .as_i64()
        .ok_or_else(|| format!("`{key}` has the count `{count}`, which is no whole number"))?;
    let period = yaml::plain(period);
    let period = Period::parse(&period).ok_or_else(|| {
        format!("`{key}` has the period `{period}`; a period is `minute`, `hour` or `day`")
    })?;
    Ok(Some(Limit { count, period }))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone, Utc};
    use serde_json::{Map, Value as Json, json};

    use super::{Age, Freshness, Level, Limit, Period};
    use crate::Status;

    fn level(own: Json, config: Json) -> Level {
        let map = |json: Json| json.as_object().cloned().unwrap_or_default();
        Level {
            own: map(own),
            config: map(config),
        }
    }

    fn of(source: Level, table: Level) -> Freshness {
        Freshness::of_source(&Map::new(), &[source, table]).unwrap()
    }

    fn after(count: i64, period: &str) -> Json {
        json!({"count": count, "period": period})
    }

    const HOUR: Option<Limit> = Some(Limit {
        count: 1,
        period: Period::Hour,
    });

    #[test]
    fn a_table_inherits_each_limit_that_it_does_not_replace() {
        let source = || {
            let freshness = json!({"warn_after": after(1, "hour"), "error_after": after(2, "day")});
            level(
                json!({"freshness": freshness, "loaded_at_field": "a"}),
                json!({}),
            )
        };
        let inherited = of(source(), level(json!({}), json!({})));
        assert_eq!(inherited.warn_after, HOUR);
        assert_eq!(inherited.loaded_at_field.as_deref(), Some("a"));

        let own = json!({"freshness": {"error_after": after(1, "hour"), "filter": "b > 0"}});
        let changed = of(source(), level(json!({}), own));
        assert_eq!((changed.warn_after, changed.error_after), (HOUR, HOUR));
        assert_eq!(changed.filter.as_deref(), Some("b > 0"));

        let no_error = json!({"freshness": {"error_after": null}});
        assert_eq!(of(source(), level(no_error, json!({}))).error_after, None);

        let off = of(source(), level(json!({"freshness": null}), json!({})));
        assert!(off.criteria.is_null() && !off.is_checked());
        let query = level(json!({"loaded_at_query": "select 1"}), json!({}));
        let query = of(level(json!({}), json!({})), query);
        assert_eq!(query.loaded_at_query.as_deref(), Some("select 1"));
    }

    #[test]
    fn what_is_exactly_as_old_as_its_limit_passes() {
        let loaded = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        let status = |seconds: i64| {
            let freshness = Freshness {
                warn_after: HOUR,
                error_after: Some(Limit {
                    count: 1,
                    period: Period::Day,
                }),
                ..Freshness::default()
            };
            let age = Age {
                max_loaded_at: loaded,
                snapshotted_at: loaded + TimeDelta::seconds(seconds),
                freshness,
            };
            age.status()
        };
        assert_eq!(status(-5), Status::Pass);
        assert_eq!(status(3600), Status::Pass);
        assert_eq!(status(3601), Status::Warn);
        assert_eq!(status(86_401), Status::Error);
    }
}
