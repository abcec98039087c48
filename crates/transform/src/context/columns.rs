use crate::jinja::{Arguments, Interpreter, Object, Result, Value, fail};

const TEXT: [&str; 4] = ["text", "character varying", "character", "varchar"];
const WHOLE: [&str; 12] = [
    "smallint",
    "integer",
    "bigint",
    "smallserial",
    "serial",
    "bigserial",
    "int2",
    "int4",
    "int8",
    "serial2",
    "serial4",
    "serial8",
];
const FLOATING: [&str; 6] = [
    "real",
    "float4",
    "float",
    "double precision",
    "float8",
    "double",
];

/// A column as templates see it.
struct Column {
    name: String,
    /// On Postgres without its size, as dbt-postgres tells them apart: `numeric` of `numeric(9,2)`.
    data_type: String,
    /// What stands in the brackets.
    size: Option<String>,
    is_postgres: bool,
}

/// A column by its name and its type as the database prints it.
pub(crate) fn column(name: &str, data_type: &str, is_postgres: bool) -> Value {
    let sized = data_type.split_once('(').filter(|_| is_postgres);
    let (bare, size) = match sized {
        Some((bare, size)) => (bare, Some(size.trim_end_matches(')').to_owned())),
        None => (data_type, None),
    };
    Value::object(Column {
        name: name.to_owned(),
        data_type: bare.to_owned(),
        size,
        is_postgres,
    })
}

impl Column {
    fn is(&self, types: &[&str]) -> bool {
        types.contains(&self.data_type.to_lowercase().as_str())
    }

    fn is_numeric(&self) -> bool {
        self.is(&["numeric", "decimal"])
    }

    fn is_number(&self) -> bool {
        self.is(&WHOLE) || self.is(&FLOATING) || self.is_numeric()
    }

    /// The type with its size, as it is written in SQL.
    fn full_type(&self) -> String {
        match &self.size {
            Some(size) => format!("{}({size})", self.data_type),
            None if self.is(&TEXT) && !self.is_postgres => "character varying(256)".to_owned(),
            None => self.data_type.clone(),
        }
    }

    fn part(&self, index: usize) -> Value {
        let part = self
            .size
            .as_ref()
            .and_then(|size| size.split(',').nth(index));
        let number = part.and_then(|part| part.trim().parse().ok());
        number.map_or(Value::None, Value::Int)
    }
}

impl Object for Column {
    fn type_name(&self) -> &'static str {
        "Column"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        Some(match name {
            "name" | "column" => Value::text(&self.name),
            "quoted" => Value::from(format!("\"{}\"", self.name)),
            "dtype" => Value::text(&self.data_type),
            "data_type" | "expanded_data_type" => Value::from(self.full_type()),
            "char_size" if self.is(&TEXT) => self.part(0),
            "numeric_precision" if self.is_numeric() => self.part(0),
            "numeric_scale" if self.is_numeric() => self.part(1),
            "char_size" | "numeric_precision" | "numeric_scale" => Value::None,
            _ => return None,
        })
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        Some(Ok(match name {
            "is_string" => Value::Bool(self.is(&TEXT)),
            "is_number" => Value::Bool(self.is_number()),
            "is_numeric" => Value::Bool(self.is_numeric()),
            "is_integer" => Value::Bool(self.is(&WHOLE)),
            "is_float" => Value::Bool(self.is(&FLOATING)),
            "string_size" if !self.is(&TEXT) => {
                return Some(Err(fail("string_size of a column that is no text")));
            }
            "string_size" => match self.part(0) {
                Value::Int(size) => Value::Int(size),
                _ => Value::Int(256),
            },
            "literal" => match arguments.require(0, "value") {
                Ok(value) => Value::from(format!("{value}::{}", self.full_type())),
                Err(error) => return Some(Err(error)),
            },
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        format!("<Column {} ({})>", self.name, self.full_type())
    }
}
