//! Where the rows of a table lie that does not change: they are found there at once, without a look at every row.

use crate::Dialect;

/// Lines of a page of Postgres, rounded up to a power of two; it has 291 at most.
const LINES: i64 = 512;

impl Dialect {
    /// An expression for the address of a row, a whole number. It holds as long as its table is left as it is, as the
    /// tables of a published build are.
    pub fn address(self) -> String {
        match self {
            Self::DuckDb => "rowid".to_owned(),
            Self::Postgres => {
                format!(
                    "((ctid::text::point)[0]::bigint * {LINES} + (ctid::text::point)[1]::bigint)"
                )
            }
        }
    }

    /// What stands behind `from` to have the rows of `table` at some addresses, in any order.
    pub fn rows_at(self, table: &str, addresses: &[i64]) -> String {
        match self {
            Self::DuckDb => {
                let list = addresses.iter().map(|address| format!("({address})"));
                let list = list.collect::<Vec<_>>().join(", ");
                // A join goes to the rows; `in` would look at every row's number.
                format!(
                    "{table} join (values {list}) as wanted (address) on {table}.rowid = wanted.address"
                )
            }
            Self::Postgres => {
                let place = |address: &i64| format!("({},{})", address / LINES, address % LINES);
                let list = addresses
                    .iter()
                    .map(place)
                    .map(|place| format!("'{place}'"));
                let list = list.collect::<Vec<_>>().join(", ");
                format!("{table} where ctid = any (array[{list}]::tid[])")
            }
        }
    }
}
