//! The Python modules that dbt hands to templates: what projects use of them.

use std::rc::Rc;

use super::Context;
use crate::jinja::{Arguments, Interpreter, Object, Result, Time, Value, fail};

mod regular_expressions;

/// `modules`: `datetime`, `re`, `pytz`, `itertools`.
pub(super) fn modules(context: &Rc<Context>) -> Value {
    Value::dict([
        ("datetime", datetime(context)),
        ("re", regular_expressions::module()),
        ("pytz", pytz()),
        ("itertools", itertools()),
    ])
}

/// A class: called to construct, with functions of its own.
struct Class {
    name: &'static str,
    construct: fn(&Arguments) -> Result<Value>,
    functions: Vec<(&'static str, Value)>,
}

impl Object for Class {
    fn type_name(&self) -> &'static str {
        "type"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, _interpreter: &mut Interpreter, arguments: Arguments) -> Result<Value> {
        (self.construct)(&arguments)
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        let found = self.functions.iter().find(|(known, _)| *known == name);
        found.map(|(_, function)| function.clone())
    }

    fn print(&self) -> String {
        format!("<class '{}'>", self.name)
    }
}

fn datetime(context: &Rc<Context>) -> Value {
    let started_at = context.shared.options.started_at;
    let moment = move |is_utc| Time::Moment {
        at: started_at.naive_utc(),
        is_utc,
    };
    let now = Value::function("now", move |_, arguments| {
        let zone = arguments.get(0, "tz").is_some_and(|zone| !zone.is_none());
        Ok(moment(zone).into_value())
    });
    let naive = Value::function("utcnow", move |_, _| Ok(moment(false).into_value()));
    let today = Value::function("today", move |_, _| {
        Ok(Time::Day(started_at.date_naive()).into_value())
    });
    let iso = |is_day| {
        Value::function("fromisoformat", move |_, arguments| {
            Ok(Time::from_iso(&arguments.text(0, "date_string")?, is_day)?.into_value())
        })
    };
    let strptime = Value::function("strptime", |_, arguments| {
        let (text, format) = (
            arguments.text(0, "date_string")?,
            arguments.text(1, "format")?,
        );
        Ok(Time::parsed(&text, &format)?.into_value())
    });
    let fromtimestamp = Value::function("fromtimestamp", |_, arguments| {
        let seconds = arguments.require(0, "timestamp")?.number();
        let micros = seconds.map(|seconds| (seconds * 1e6) as i64);
        let at = micros.and_then(chrono::DateTime::from_timestamp_micros);
        let at = at.ok_or_else(|| fail("timestamp is no number in range"))?;
        let is_utc = arguments.get(1, "tz").is_some_and(|zone| !zone.is_none());
        let at = at.naive_utc();
        Ok(Time::Moment { at, is_utc }.into_value())
    });
    Value::dict([
        (
            "datetime",
            Value::object(Class {
                name: "datetime.datetime",
                construct: |arguments| Ok(Time::from_parts(arguments, false)?.into_value()),
                functions: vec![
                    ("now", now),
                    ("utcnow", naive.clone()),
                    ("today", naive),
                    ("strptime", strptime),
                    ("fromisoformat", iso(false)),
                    ("fromtimestamp", fromtimestamp),
                ],
            }),
        ),
        (
            "date",
            Value::object(Class {
                name: "datetime.date",
                construct: |arguments| Ok(Time::from_parts(arguments, true)?.into_value()),
                functions: vec![("today", today), ("fromisoformat", iso(true))],
            }),
        ),
        (
            "timedelta",
            Value::object(Class {
                name: "datetime.timedelta",
                construct: |arguments| Ok(Time::span(arguments)?.into_value()),
                functions: Vec::new(),
            }),
        ),
        ("timezone", Value::dict([("utc", Value::text("UTC"))])),
    ])
}

fn pytz() -> Value {
    let timezone = Value::function("timezone", |_, arguments| {
        let zone = arguments.text(0, "zone")?;
        match &*zone {
            "UTC" | "Etc/UTC" | "GMT" => Ok(Value::text("UTC")),
            _ => Err(fail(format!(
                "time zone `{zone}` is not supported in templates: UTC alone is"
            ))),
        }
    });
    let utc = Value::text("UTC");
    Value::dict([("utc", utc.clone()), ("UTC", utc), ("timezone", timezone)])
}

/// As many combinations as a template may ask for.
const LIMIT: usize = 100_000;

fn itertools() -> Value {
    let chain = Value::function("chain", |_, arguments| {
        let mut all = Vec::new();
        for list in &arguments.positional {
            all.extend(list.items()?);
        }
        Ok(Value::list(all))
    });
    let product = Value::function("product", |_, arguments| {
        let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
        let repeat = usize::try_from(arguments.integer(usize::MAX, "repeat", 1)?).unwrap_or(0);
        for _ in 0..repeat.min(LIMIT) {
            for list in &arguments.positional {
                let items = list.items()?;
                limited(rows.len().saturating_mul(items.len()))?;
                let longer = rows.iter().flat_map(|row| {
                    items
                        .iter()
                        .map(|item| row.iter().chain([item]).cloned().collect())
                });
                rows = longer.collect();
            }
        }
        Ok(tuples(rows))
    });
    let combinations = Value::function("combinations", |_, arguments| choices(&arguments, false));
    let permutations = Value::function("permutations", |_, arguments| choices(&arguments, true));
    let zip_longest = Value::function("zip_longest", |_, arguments| {
        let lists = arguments.positional.iter().map(Value::items);
        let lists = lists.collect::<Result<Vec<_>>>()?;
        let fill = arguments
            .keyword("fillvalue")
            .cloned()
            .unwrap_or(Value::None);
        let n_rows = lists.iter().map(Vec::len).max().unwrap_or(0);
        let row = |index: usize| {
            let cells = lists.iter();
            cells
                .map(|list| list.get(index).cloned().unwrap_or(fill.clone()))
                .collect()
        };
        Ok(tuples((0..n_rows).map(row).collect()))
    });
    Value::dict([
        ("chain", chain),
        ("product", product),
        ("combinations", combinations),
        ("permutations", permutations),
        ("zip_longest", zip_longest),
    ])
}

fn limited(n_rows: usize) -> Result<()> {
    match n_rows > LIMIT {
        true => Err(fail(format!("more than {LIMIT} combinations"))),
        false => Ok(()),
    }
}

fn tuples(rows: Vec<Vec<Value>>) -> Value {
    Value::list(rows.into_iter().map(Value::tuple))
}

/// Every choice of `r` items: in their order, or in any.
fn choices(arguments: &Arguments, in_any_order: bool) -> Result<Value> {
    let items = arguments.require(0, "iterable")?.items()?;
    let r = arguments.integer(1, "r", items.len() as i64)?;
    let r = usize::try_from(r).map_err(|_| fail("`r` must not be negative"))?;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new()];
    if r > items.len() {
        return Ok(tuples(Vec::new()));
    }
    for _ in 0..r {
        let mut longer = Vec::new();
        for row in &rows {
            let start = if in_any_order {
                0
            } else {
                row.last().map_or(0, |last| last + 1)
            };
            for index in (start..items.len()).filter(|index| !row.contains(index)) {
                longer.push(row.iter().copied().chain([index]).collect());
            }
            limited(longer.len())?;
        }
        rows = longer;
    }
    let rows = rows.into_iter();
    Ok(tuples(
        rows.map(|row| row.into_iter().map(|index| items[index].clone()).collect())
            .collect(),
    ))
}
