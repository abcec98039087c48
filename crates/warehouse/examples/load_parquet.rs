//! Loads one Parquet file as a raw table of the same name and prints the rows; what `cargo xtask bench` times.
//!
//! Connects by PGHOST, PGPORT, PGUSER, PGDATABASE and PGPASSWORD.

#![expect(clippy::print_stdout, reason = "the number of rows is the result")]

use std::{env, fs::File, path::PathBuf, sync::Arc};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use warehouse::{
    Password, Postgres, PostgresSettings, RawTable, Warehouse as _,
    postgres::{LoadOptions, load, sql_type},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = PathBuf::from(env::args().nth(1).ok_or("usage: load_parquet <file>")?);
    let name = file.file_stem().ok_or("the file has no name")?;
    let name = name.to_string_lossy().into_owned();
    let variable = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let mut settings = PostgresSettings::new(
        &variable("PGHOST")?,
        variable("PGPORT")?.parse()?,
        &variable("PGDATABASE")?,
        &variable("PGUSER")?,
    );
    settings.password = env::var("PGPASSWORD").ok().and_then(Password::new);
    let postgres = Postgres::new(settings)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&file)?)?;
    let schema = Arc::clone(reader.schema());
    let columns: Vec<String> = schema
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.name(), sql_type(field)))
        .collect();
    postgres
        .connect()?
        .execute(&format!("create table raw.{name} ({})", columns.join(", ")))?;
    let table = RawTable {
        name,
        schema,
        files: vec![file.into()],
    };
    let options = LoadOptions { n_connections: 1 };
    let loaded = load(&postgres, &[table], options, &|| false, &|_| {})?;
    println!("{}", loaded.n_rows);
    Ok(())
}
