//! `bench`: fixed workloads on a server of its own, each beside a peer in the same run; ratios, never promises.

mod dbt;
mod ingest;
mod pages;
pub(crate) mod soak;

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    cache,
    process::{self, cargo, command},
    root, setup, test,
};

const SETTINGS: &str = "
shared_buffers = 1GB
max_wal_size = 8GB
work_mem = 64MB
maintenance_work_mem = 256MB
listen_addresses = '127.0.0.1'
shared_preload_libraries = 'pg_stat_statements'
";
/// How many rows the slowest peer loads; its speed does not depend on it.
const ROWS_FOR_PANDAS: u32 = 50_000;

/// `bench [films]`: loads and builds a generated catalogue on Postgres. `bench pages <project>`: its pages.
/// `bench ingest [films]`: from the API to the lake. `bench dbt [films]`: the engines on our dbt project.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let films: u32 = match arguments {
        [] => 20_000,
        [pages, project] if pages == "pages" => return pages::run(Path::new(project)),
        [ingest] if ingest == "ingest" => return ingest::run(20_000),
        [ingest, films] if ingest == "ingest" => {
            return ingest::run(films.parse().context("the argument is a number of films")?);
        }
        [dbt] if dbt == "dbt" => return dbt::run(2_000),
        [dbt, films] if dbt == "dbt" => {
            return dbt::run(films.parse().context("the argument is a number of films")?);
        }
        [films] => films.parse().context("the argument is a number of films")?,
        _ => bail!(
            "`cargo xtask bench [films]`, `bench ingest [films]`, `bench dbt [films]` or `bench pages <project>`"
        ),
    };
    setup()?;
    process::run(cargo().args(["build", "--release", "--package", "filmstar"]))?;
    let example = ["--package", "warehouse", "--example", "load_parquet"];
    process::run(cargo().args(["build", "--release"]).args(example))?;
    let bench = Bench::prepare(films)?;
    let rows = [bench.load_lake()?, bench.load_credits()?, bench.build()?].concat();
    println!(
        "\n{films} generated films on PostgreSQL\n\n{}",
        rows.join("\n")
    );
    Ok(())
}

/// A project with a lake, and a server.
struct Bench {
    folder: PathBuf,
    /// Where cargo puts optimized programs.
    programs: PathBuf,
    port: u16,
    server: Child,
}

impl Drop for Bench {
    fn drop(&mut self) {
        // The server stops when its input ends.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

impl Bench {
    fn prepare(films: u32) -> Result<Self> {
        let folder = cache()?.join(format!("bench/{films}-films"));
        fs::create_dir_all(&folder)?;
        let port = free_port()?;
        let server = start_server(port)?;
        let bench = Self {
            folder,
            programs: programs(),
            port,
            server,
        };
        if !bench.folder.join("data/lake/genres").is_dir() {
            fill_lake(bench.filmstar(&["ingest"]), films)?;
        }
        // The models of this program, not those of the one that filled the lake: `init` keeps what is there.
        for written in ["dbt", "dashboards"] {
            drop(fs::remove_dir_all(bench.folder.join(written)));
        }
        bench.succeed(&["init", "--yes", "--target", "postgres"])?;
        Ok(bench)
    }

    /// Our load of the whole lake, and the same rows by psql's `\copy` of CSV.
    fn load_lake(&self) -> Result<Vec<String>> {
        let (_, ours) = self.timed(&mut self.filmstar(&["load", "--target", "postgres"]))?;
        let n_rows: f64 = self
            .sql("select sum(n_rows) from filmstar.loaded_parts")?
            .parse()?;
        let tables =
            self.sql("select string_agg(distinct kind, ' ') from filmstar.loaded_parts")?;
        self.sql("create schema bench")?;
        let csv = self.csv_of(tables.split(' '))?;
        let (_, by_psql) = self.timed(self.client("psql").args(["-qXf"]).arg(&csv))?;
        Ok(vec![
            row("load the lake", "filmstar load", n_rows, ours, ours),
            row("", "psql \\copy … csv", n_rows, by_psql, ours),
        ])
    }

    /// The credits, as many narrow rows: our encoder, psql's `\copy` of CSV, and pandas with `to_sql`.
    fn load_credits(&self) -> Result<Vec<String>> {
        self.succeed(&["build", "--target", "duckdb"])?;
        self.succeed(&["export", "--target", "duckdb", "fact_credits"])?;
        let parquet = self.folder.join("export/fact_credits.parquet");
        let mut load = self.client(self.programs.join("examples/load_parquet"));
        let (said, ours) = self.timed(load.arg(&parquet))?;
        let n_rows: f64 = said.trim().parse().context("the example prints rows")?;
        let csv = self.csv_of(["fact_credits"].into_iter())?;
        let (_, by_psql) = self.timed(self.client("psql").args(["-qXf"]).arg(&csv))?;
        let python = test::python()?.context("pandas is needed as a peer")?;
        let mut pandas = self.client(python);
        pandas
            .arg(root().join("benches/pandas_to_sql.py"))
            .arg(&parquet);
        let (said, _) = self.timed(pandas.arg(ROWS_FOR_PANDAS.to_string()))?;
        let (rows, seconds) = said.trim().split_once(' ').context("pandas said nothing")?;
        let by_pandas = Duration::from_secs_f64(seconds.parse()?);
        let (sample, share) = (rows.parse::<f64>()?, rows.parse::<f64>()? / n_rows);
        Ok(vec![
            row("load credits", "filmstar", n_rows, ours, ours),
            row("", "psql \\copy … csv", n_rows, by_psql, ours),
            row("", "pandas to_sql", sample, by_pandas, ours.mul_f64(share)),
        ])
    }

    /// Writes raw tables as CSV, and a script that loads them into tables alike; returns the script.
    fn csv_of<'a>(&self, tables: impl Iterator<Item = &'a str>) -> Result<PathBuf> {
        let folder = self.folder.join("csv");
        fs::create_dir_all(&folder)?;
        let mut copies = String::new();
        for table in tables {
            let file = folder.join(format!("{table}.csv"));
            let file = file.display();
            self.sql(&format!("create table bench.{table} (like raw.{table})"))?;
            self.sql(&format!("\\copy raw.{table} to '{file}' csv"))?;
            copies.push_str(&format!("\\copy bench.{table} from '{file}' csv\n"));
        }
        let script = folder.join("load.sql");
        fs::write(&script, copies)?;
        Ok(script)
    }

    /// Our build, and dbt Core's of the same project in a database of its own with the same raw tables.
    fn build(&self) -> Result<Vec<String>> {
        let Some(dbt) = test::dbt()? else {
            bail!("dbt Core is needed as the peer");
        };
        self.sql(
            "create extension if not exists pg_stat_statements; select pg_stat_statements_reset()",
        )?;
        let busy = "select coalesce(sum(total_exec_time + total_plan_time), 0) / 1000 from pg_stat_statements
            where userid = 'filmstar_transformer'::regrole";
        let (_, ours) = self.timed(&mut self.filmstar(&["build", "--target", "postgres"]))?;
        let ours_busy: f64 = self.sql(busy)?.parse()?;
        // dbt Core builds in place: what we published must not be in its way.
        self.sql("drop schema bench cascade; alter schema main rename to ours; alter schema staging rename to ours_staging")?;
        self.sql("create schema main authorization filmstar_transformer; create schema staging authorization filmstar_transformer")?;
        self.sql("select pg_stat_statements_reset()")?;
        let mut core = self.client(dbt);
        core.current_dir(&self.folder)
            .args([
                "--quiet",
                "build",
                "--target",
                "postgres",
                "--project-dir",
                "dbt",
                "--profiles-dir",
                "dbt",
            ])
            .env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false");
        let (_, theirs) = self.timed(&mut core)?;
        let theirs_busy: f64 = self.sql(busy)?.parse()?;
        Ok(vec![
            row("build", "filmstar build", 0.0, ours, ours),
            row("", "dbt build", 0.0, theirs, ours),
            format!(
                "{:14} the server was busy for {ours_busy:.1} s by ours, {theirs_busy:.1} s by dbt Core; our whole build took {:.2} of the latter",
                "",
                ours.as_secs_f64() / theirs_busy
            ),
        ])
    }

    fn filmstar(&self, arguments: &[&str]) -> Command {
        let mut filmstar = self.client(self.programs.join("filmstar"));
        filmstar.current_dir(&self.folder).args(arguments);
        filmstar
    }

    /// A program with the way to the server in its environment; nobody needs a password there.
    fn client(&self, program: impl AsRef<Path>) -> Command {
        let mut client = command(program);
        client
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", "postgres")
            .env("PGDATABASE", "filmstar");
        client
    }

    fn succeed(&self, arguments: &[&str]) -> Result<()> {
        process::run(&mut self.filmstar(arguments))
    }

    /// Runs one statement, or one of psql's own commands, and gives its rows as text.
    fn sql(&self, sql: &str) -> Result<String> {
        let output = self.client("psql").args(["-qXAtc", sql]).output()?;
        ensure!(
            output.status.success(),
            "{sql}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Runs a program whole and gives what it printed and how long it took.
    fn timed(&self, program: &mut Command) -> Result<(String, Duration)> {
        let started = Instant::now();
        let output = program.stderr(Stdio::inherit()).output()?;
        let elapsed = started.elapsed();
        ensure!(
            output.status.success(),
            "{:?} failed\n{}",
            program.get_program(),
            String::from_utf8_lossy(&output.stdout)
        );
        Ok((String::from_utf8(output.stdout)?, elapsed))
    }
}

/// Gives the ingest the generated catalogue, over real HTTP, once a machine.
fn fill_lake(mut ingest: Command, films: u32) -> Result<()> {
    let port = free_port()?;
    let mut simulator = Command::new(programs().join("filmstar"))
        .args(["simulate", "--seed", "7", "--films", &films.to_string()])
        .args(["--port", &port.to_string()])
        .stdout(Stdio::null())
        .spawn()?;
    let ingested = ingest
        .env(
            "FILMSTAR_TMDB__BASE_URL",
            format!("http://127.0.0.1:{port}/3"),
        )
        .env("FILMSTAR_TMDB__REQUESTS_PER_SECOND", "0")
        .status();
    simulator.kill()?;
    simulator.wait()?;
    ensure!(ingested?.success(), "the ingest failed");
    Ok(())
}

/// A line of the table; the ratio says how many times as long as ours it took.
fn row(what: &str, who: &str, rows: f64, time: Duration, ours: Duration) -> String {
    let seconds = time.as_secs_f64();
    let rate = if rows > 0.0 {
        format!("{:.0} rows/s", rows / seconds)
    } else {
        String::new()
    };
    let ratio = seconds / ours.as_secs_f64();
    format!("{what:14} {who:20} {rate:>14} {seconds:>8.2} s  {ratio:>5.1}")
}

/// Where cargo puts optimized programs.
pub(crate) fn programs() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR");
    target
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join("release")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The server that the tests use, with settings for work rather than for many small databases.
fn start_server(port: u16) -> Result<Child> {
    use std::io::{BufRead as _, BufReader};

    let programs = test::POSTGRES
        .iter()
        .find(|folder| Path::new(folder).join("initdb").is_file())
        .context("PostgreSQL's server programs are missing")?;
    let folder = env::temp_dir().join(format!("filmstar-bench-{port}"));
    fs::create_dir_all(&folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777))?;
    }
    fs::write(folder.join("settings"), SETTINGS)?;
    let script = fs::read_to_string(root().join("crates/warehouse/src/testing/server.sh"))?;
    let mut server = Command::new("sh")
        .args(["-c", &script, "server.sh", "keep", programs])
        .arg(&folder)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let stdout = server.stdout.take().context("the output is piped")?;
    BufReader::new(stdout).read_line(&mut line)?;
    ensure!(line == "started\n", "the server did not start");
    Ok(server)
}
