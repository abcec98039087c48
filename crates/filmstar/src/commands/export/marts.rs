//! A dated release of the public models: the same published data gives the same bytes, so that a thesis can cite it.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use warehouse::{Connection, Dialect, Relation, export};

use super::{SCHEMA, models};
use crate::{
    cli::Global,
    commands::query::connect,
    exit::Exit,
    failure::Failure,
    printer::{Printer, Summary, count},
    project::{Project, shown, writable},
    targets::{Place, TargetArgument},
};

/// Arguments of `filmstar export marts`.
#[derive(Debug, Args)]
pub(super) struct MartsArguments {
    #[command(flatten)]
    target: TargetArgument,
    /// Folder for the release; one that was written before is replaced
    #[arg(long, short, value_name = "FOLDER", default_value = "export/marts")]
    output: PathBuf,
}

const MANIFEST: &str = "manifest.json";
/// One folder a format.
const FOLDERS: [&str; 2] = ["parquet", "csv"];

/// What a release holds. No clock, no build and no machine is in it.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// Version of this file's layout.
    manifest_version: u32,
    /// The Filmstar that wrote it.
    filmstar_version: String,
    /// `duckdb` or `postgres`.
    engine: String,
    /// The newest observation of a film in it, UTC.
    as_of: Option<String>,
    attribution: String,
    models: Vec<Model>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Model {
    name: String,
    rows: u64,
    columns: Vec<Column>,
    files: Vec<File>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Column {
    name: String,
    /// The engine's SQL type.
    data_type: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    /// Under the release's folder.
    path: String,
    bytes: u64,
    sha256: String,
}

/// Writes the release beside the one that is there, and puts it in its place when it is whole.
pub(super) fn run(
    arguments: &MartsArguments,
    global: &Global,
    printer: Printer,
) -> anyhow::Result<Exit> {
    let project = Project::open(global, printer, &arguments.target.flags())?;
    let place = Place::of(&project, printer)?;
    let output = &arguments.output;
    let had_one = replaceable(output)?;
    let mut connection = connect(&project, &place)?;
    let dialect = match place {
        Place::DuckDb => Dialect::DuckDb,
        Place::Server(_) => Dialect::Postgres,
    };

    let parent = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    writable(parent)?;
    let pending = tempfile::Builder::new()
        .prefix(".marts-")
        .tempdir_in(parent)
        .context("failed to make a temporary folder")?;
    let manifest = write(&mut *connection, dialect, pending.path(), printer)?;
    let text = serde_json::to_string_pretty(&manifest)?;
    fs::write(pending.path().join(MANIFEST), text + "\n")?;

    if had_one {
        // Out of the way first: a folder is renamed only onto nothing. It goes when this function returns.
        let old = tempfile::Builder::new()
            .prefix(".marts-")
            .tempdir_in(parent)?;
        fs::rename(output, old.path().join("old"))?;
        fs::rename(pending.keep(), output)?;
    } else {
        drop(fs::remove_dir(output));
        fs::rename(pending.keep(), output)?;
    }

    let n_rows: u64 = manifest.models.iter().map(|model| model.rows).sum();
    printer.summary(&Summary {
        headline: format!(
            "✓ wrote {} models as Parquet and CSV",
            manifest.models.len()
        ),
        facts: vec![
            ("folder", shown(output)),
            ("manifest", shown(&output.join(MANIFEST))),
            ("as of", manifest.as_of.clone().unwrap_or_default()),
            ("rows", count(n_rows)),
        ],
        next: Vec::new(),
        json: json!({
            "status": "ok",
            "folder": output,
            "as_of": manifest.as_of,
            "models": manifest.models.len(),
            "rows": n_rows,
        }),
    });
    Ok(Exit::Ok)
}

/// Whether a release stands at the folder; an error when something else does.
fn replaceable(folder: &Path) -> Result<bool, Failure> {
    let refuse = |why: &str| {
        Failure::usage(format!("`{}` {why}", shown(folder)))
            .hint("name another folder with `--output`, or empty this one")
    };
    if folder.join(MANIFEST).is_file() {
        let known = fs::read(folder.join(MANIFEST))
            .is_ok_and(|bytes| serde_json::from_slice::<Manifest>(&bytes).is_ok());
        return if known {
            Ok(true)
        } else {
            Err(refuse("holds a manifest.json of something else"))
        };
    }
    match fs::read_dir(folder).map(Iterator::count) {
        Ok(0) => Ok(false),
        Ok(_) => Err(refuse("holds other files")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(refuse("cannot be read").because(error)),
    }
}

fn write(
    connection: &mut dyn Connection,
    dialect: Dialect,
    folder: &Path,
    printer: Printer,
) -> anyhow::Result<Manifest> {
    let newest = connection.query(
        "select cast(max(fetched_at) as varchar) from mart_movies",
        &[],
    )?;
    let as_of = newest.json_rows().first().and_then(|row| {
        let text = row.first()?.as_str()?;
        Some(text.to_owned())
    });
    for format in FOLDERS {
        fs::create_dir(folder.join(format))?;
    }
    let mut written = Vec::new();
    for name in models(&[], connection)? {
        let model = write_model(connection, dialect, &name, folder)
            .with_context(|| format!("failed to export `{name}`"))?;
        printer.note(format!("{name}: {} rows", count(model.rows)));
        written.push(model);
    }
    Ok(Manifest {
        manifest_version: 1,
        filmstar_version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: dialect.name().to_owned(),
        as_of,
        attribution: ATTRIBUTION.to_owned(),
        models: written,
    })
}

const ATTRIBUTION: &str = "Film data from TMDB (themoviedb.org). \
    This product uses the TMDB API but is not endorsed or certified by TMDB.";

fn write_model(
    connection: &mut dyn Connection,
    dialect: Dialect,
    name: &str,
    folder: &Path,
) -> anyhow::Result<Model> {
    let relation = Relation {
        database: None,
        schema: SCHEMA.to_owned(),
        identifier: name.to_owned(),
    };
    let columns: Vec<Column> = connection
        .columns(&relation)?
        .into_iter()
        .map(|(name, data_type)| Column { name, data_type })
        .collect();
    let sql = ordered(&relation, &columns, dialect);
    let mut parquet = Hashed::create(folder, "parquet", name)?;
    let mut csv = Hashed::create(folder, "csv", name)?;
    let rows = export::write_each(
        connection,
        &sql,
        &[],
        [
            (export::Format::Parquet, &mut parquet),
            (export::Format::Csv, &mut csv),
        ],
    )?;
    Ok(Model {
        name: name.to_owned(),
        rows,
        columns,
        files: vec![parquet.finish(), csv.finish()],
    })
}

/// All rows in the one order that their values give: keys come first in every model.
fn ordered(relation: &Relation, columns: &[Column], dialect: Dialect) -> String {
    let keys: Vec<String> = columns
        .iter()
        .map(|column| {
            let name = column.name.replace('"', "\"\"");
            // A server sorts text by the rules of its language, which differ between machines.
            let is_text = dialect == Dialect::Postgres && column.data_type == "text";
            let collation = if is_text { " collate \"C\"" } else { "" };
            format!("\"{name}\"{collation} nulls last")
        })
        .collect();
    format!("select * from {relation} order by {}", keys.join(", "))
}

/// A file of the release; counts and hashes what goes through.
struct Hashed {
    path: String,
    inner: io::BufWriter<fs::File>,
    digest: Sha256,
    bytes: u64,
}

impl Hashed {
    fn create(folder: &Path, format: &str, model: &str) -> io::Result<Self> {
        let path = format!("{format}/{model}.{format}");
        Ok(Self {
            inner: io::BufWriter::new(fs::File::create(folder.join(&path))?),
            path,
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    fn finish(self) -> File {
        let digest = self.digest.finalize();
        File {
            path: self.path,
            bytes: self.bytes,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

impl Write for Hashed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(buffer)?;
        self.digest.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
