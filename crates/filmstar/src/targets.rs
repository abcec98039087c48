//! Where the warehouse is, as `profiles.yml` says: the embedded DuckDB, or a server with a role for each task.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use transform::{Diagnostics, Target, profiles};
use warehouse::{
    Postgres, PostgresSettings,
    postgres::{Rights, Tls, TlsMode},
};

use crate::{
    commands, config, config::environment, embedded, failure::Failure, passwords, printer::Printer,
    project::Project,
};

/// `--target`, for every command that has to do with the warehouse.
#[derive(Debug, Args)]
pub(crate) struct TargetArgument {
    /// A target of profiles.yml, such as duckdb or postgres [config: warehouse.target]
    #[arg(long, short, value_name = "NAME")]
    target: Option<String>,
}

impl TargetArgument {
    /// The target, when the command line names one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// The flag as an override of the configuration.
    pub(crate) fn flags(&self) -> Vec<(&'static str, figment::value::Value)> {
        let name = self.target.iter();
        name.map(|name| ("warehouse.target", name.clone().into()))
            .collect()
    }
}

/// Where the warehouse is.
#[derive(Debug)]
pub(crate) enum Place {
    /// In files of this project.
    DuckDb,
    /// On a server.
    Server(Box<Server>),
}

/// A server as a target of `profiles.yml` names it. `<target>_loader`, `<target>_reader` and `<target>_admin`
/// beside it are who loads, reads and sets up; without them the target's own user does.
#[derive(Debug)]
pub(crate) struct Server {
    /// The target that builds.
    pub(crate) target: Target,
    loader: Option<Target>,
    reader: Option<Target>,
    admin: Option<Target>,
    limits: config::Warehouse,
    printer: Printer,
}

impl Place {
    /// Reads `profiles.yml`, unless the target is the embedded one.
    pub(crate) fn of(project: &Project, printer: Printer) -> Result<Self, Failure> {
        let name = &project.config().warehouse.target;
        if name == config::DUCKDB {
            return Ok(Self::DuckDb);
        }
        let unpacked = tempfile::tempdir()
            .map_err(|error| Failure::world("failed to make a temporary folder").because(error))?;
        let dbt = match project.dbt() {
            Some(folder) => folder,
            None => {
                embedded::write(&embedded::DBT, unpacked.path()).map_err(|error| {
                    Failure::world("failed to unpack the dbt project").because(error)
                })?;
                unpacked.path().to_owned()
            }
        };
        let file = profiles_file(&dbt)?;
        let unusable = |problem| commands::dbt::unusable(&dbt, &Diagnostics(vec![problem]));
        let read = |name: &str| {
            let choice = profiles::Choice {
                target: Some(name.to_owned()),
                threads: Some(project.config().build.threads),
                ..profiles::Choice::default()
            };
            profiles::read(
                &file,
                &dbt,
                &project.loaded.folder,
                &environment::variables(),
                &choice,
            )
            .map_err(unusable)
        };
        let target = read(name)?;
        if target.adapter == "duckdb" {
            return Ok(Self::DuckDb);
        }
        let names =
            profiles::outputs(&file, &dbt, &profiles::Choice::default()).map_err(unusable)?;
        let sibling = |role: &str| {
            let name = format!("{name}_{role}");
            names.contains(&name).then(|| read(&name)).transpose()
        };
        let server = Server {
            loader: sibling("loader")?,
            reader: sibling("reader")?,
            admin: sibling("admin")?,
            target,
            limits: project.config().warehouse.clone(),
            printer,
        };
        server.refuse_written_passwords(&file)?;
        Ok(Self::Server(Box::new(server)))
    }
}

/// The `profiles.yml` that dbt would use for a project.
fn profiles_file(dbt: &Path) -> Result<PathBuf, Failure> {
    let named = environment::variable("DBT_PROFILES_DIR").map(PathBuf::from);
    let home = environment::variable("HOME").map(|home| Path::new(&home).join(".dbt"));
    let folders: Vec<_> = named
        .into_iter()
        .chain([dbt.to_owned()])
        .chain(home)
        .collect();
    profiles::find(&folders).ok_or_else(|| {
        Failure::usage("there is no profiles.yml")
            .hint("`filmstar init` writes one into dbt/; DBT_PROFILES_DIR names another folder")
    })
}

impl Server {
    /// As who loads the raw tables.
    pub(crate) fn loader(&self) -> Result<Postgres, Failure> {
        self.connect(self.loader.as_ref().unwrap_or(&self.target), |settings| {
            settings.session.lock_timeout = Some(self.lock_timeout());
        })
    }

    /// As who builds and publishes.
    pub(crate) fn transformer(&self) -> Result<Postgres, Failure> {
        self.connect(&self.target, |settings| {
            settings.session.lock_timeout = Some(self.lock_timeout());
            settings.session.is_building = true;
        })
    }

    /// As who reads: one schema, read-only, no query for long.
    pub(crate) fn reader(&self) -> Result<Postgres, Failure> {
        let limit = Duration::from_secs(self.limits.statement_timeout_s.into());
        self.connect(self.reader.as_ref().unwrap_or(&self.target), |settings| {
            settings.session.search_path = vec![self.target.schema.clone()];
            settings.session.is_read_only = true;
            settings.session.statement_timeout = Some(limit);
        })
    }

    /// How who sets up connects.
    pub(crate) fn admin(&self) -> Result<PostgresSettings, Failure> {
        self.settings(self.admin.as_ref().unwrap_or(&self.target))
    }

    /// Who does what, as the target and its siblings say.
    pub(crate) fn rights(&self, schemas: &[String]) -> Result<Rights, Failure> {
        let user = |target: Option<&Target>| {
            let settings = self.settings(target.unwrap_or(&self.target))?;
            Ok::<_, Failure>((settings.user, settings.password))
        };
        let public = &self.target.schema;
        Ok(Rights {
            database: self.target.database.clone(),
            loader: user(self.loader.as_ref())?,
            transformer: user(None)?,
            reader: user(self.reader.as_ref())?,
            public_schema: public.clone(),
            private_schemas: schemas
                .iter()
                .filter(|schema| *schema != public)
                .cloned()
                .collect(),
        })
    }

    /// The folder that keeps the artifacts of its builds, one folder each.
    pub(crate) fn artifacts(&self, warehouse: &Path) -> PathBuf {
        warehouse.join(&self.target.name)
    }

    /// How many connections load.
    pub(crate) fn load_connections(&self) -> usize {
        self.limits.load_connections
    }

    fn lock_timeout(&self) -> Duration {
        Duration::from_secs(self.limits.lock_timeout_s.into())
    }

    fn connect(
        &self,
        target: &Target,
        adjust: impl FnOnce(&mut PostgresSettings),
    ) -> Result<Postgres, Failure> {
        let mut settings = self.settings(target)?;
        adjust(&mut settings);
        Postgres::new(settings)
            .map_err(|error| Failure::usage("the connection cannot be encrypted").because(error))
    }

    fn settings(&self, target: &Target) -> Result<PostgresSettings, Failure> {
        settings(target, &mut |line| self.printer.warn(line))
    }

    /// A password in a file that is shared and committed is no secret.
    fn refuse_written_passwords(&self, file: &Path) -> Result<(), Failure> {
        let targets = [
            Some(&self.target),
            self.loader.as_ref(),
            self.reader.as_ref(),
            self.admin.as_ref(),
        ];
        match targets.into_iter().flatten().find(|target| target.has_literal_password) {
            None => Ok(()),
            Some(target) => Err(Failure::usage(format!(
                "the target `{}` in `{}` has its password written out",
                target.name,
                file.display()
            ))
            .hint("put it into the environment, .env or ~/.pgpass, and write `password: \"{{ env_var('NAME', '') }}\"`")),
        }
    }
}

/// How to connect, from what a profile says.
pub(crate) fn settings(
    target: &Target,
    warn: &mut dyn FnMut(String),
) -> Result<PostgresSettings, Failure> {
    let text = |name: &str| match target.entries.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        serde_json::Value::Null => None,
        other => Some(other.to_string()),
    };
    let bad = |name: &str, value: &str, expected: &str| {
        Failure::usage(format!(
            "bad value `{value}` for `{name}` in the target `{}` of profiles.yml",
            target.name
        ))
        .hint(format!("expected {expected}"))
    };
    let required = |name: &str| {
        text(name).ok_or_else(|| {
            Failure::usage(format!(
                "the target `{}` of profiles.yml has no `{name}`",
                target.name
            ))
        })
    };
    let number = |name: &str| {
        let parsed = text(name).map(|text| text.parse::<u16>().map_err(|_| text));
        parsed
            .transpose()
            .map_err(|text| bad(name, &text, "a whole number up to 65535"))
    };
    let host = required("host")?;
    let port = number("port")?.unwrap_or(5432);
    let mut settings = PostgresSettings::new(&host, port, &target.database, &required("user")?);
    let mode = text("sslmode").unwrap_or_else(|| "prefer".to_owned());
    let files = text("sslcert").zip(text("sslkey"));
    settings.tls = Tls {
        mode: TlsMode::from_name(&mode).ok_or_else(|| {
            bad(
                "sslmode",
                &mode,
                &format!("one of {}", TlsMode::NAMES.join(", ")),
            )
        })?,
        root_certificate: text("sslrootcert").map(PathBuf::from),
        client_certificate: files.map(|(certificate, key)| (certificate.into(), key.into())),
    };
    if let Some(seconds) = number("connect_timeout")?.filter(|seconds| *seconds > 0) {
        settings.connect_timeout = Duration::from_secs(seconds.into());
    }
    settings.session.role = text("role");
    settings.session.search_path = text("search_path")
        .map(|path| path.split(',').map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    settings.password = target
        .password
        .clone()
        .or_else(|| passwords::find(&settings, warn));
    Ok(settings)
}
