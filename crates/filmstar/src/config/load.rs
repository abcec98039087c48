use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};

use super::{Config, Layout, environment, keys};
use crate::failure::Failure;

/// The name of the project's configuration file.
pub(crate) const FILE: &str = "filmstar.toml";
const PREFIX: &str = "FILMSTAR_";
/// The pages' token, a secret, and the one key whose value is a text whatever it looks like.
pub(crate) const TOKEN: &str = "FILMSTAR_SERVE__TOKEN";
const COMMAND_LINE: &str = "the command line";
/// Variables of ours that are not configuration keys.
const OTHER_VARIABLES: [&str; 8] = [
    crate::clock::VARIABLE,
    "FILMSTAR_CONFIG",
    "FILMSTAR_LOG",
    "FILMSTAR_LOG_FORMAT",
    "FILMSTAR_LOADER_PASSWORD",
    "FILMSTAR_READER_PASSWORD",
    "FILMSTAR_TRANSFORMER_PASSWORD",
    "FILMSTAR_WAREHOUSE_PATH",
];

/// A configuration and where it came from.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The values.
    pub(crate) config: Config,
    /// Where the lake is.
    pub(crate) lake: lake::Location,
    /// The folder that relative paths start from: the file's, else the current one.
    pub(crate) folder: PathBuf,
    /// The sources, for `config show --origin`.
    pub(crate) figment: Figment,
    /// `FILMSTAR_` variables that set nothing, each with the nearest key.
    pub(crate) warnings: Vec<String>,
}

/// Reads every source. `flags` are key–value pairs from the command line.
pub(crate) fn load(
    file: Option<&Path>,
    flags: &[(&str, figment::value::Value)],
) -> Result<Loaded, Failure> {
    let current = std::env::current_dir()
        .map_err(|error| Failure::world("failed to find the current folder").because(error))?;
    let file = match file {
        Some(named) if named.is_file() => Some(named.to_owned()),
        Some(named) => {
            return Err(Failure::usage(format!(
                "there is no configuration file `{}`",
                named.display()
            ))
            .hint("`filmstar init` writes one into the current folder"));
        }
        None => nearest_file(&current),
    };

    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = &file {
        expect_known(&Figment::from(Toml::file_exact(file)))?;
        figment = figment.merge(Toml::file_exact(file));
    }
    for (name, value) in environment::from_file().filter(|(name, _)| name.as_str() != TOKEN) {
        if let Some(key) = name.strip_prefix(PREFIX).filter(|key| key.contains("__")) {
            figment = figment.merge(Given {
                origin: environment::FILE,
                key: key.replace("__", ".").to_lowercase(),
                value: value.parse().expect("any text is a value"),
            });
        }
    }
    figment = figment.merge(
        Env::prefixed(PREFIX)
            .filter(|key| key.as_str().contains("__") && key != "serve__token")
            .map(|key| key.as_str().replace("__", ".").into()),
    );
    if let Some(token) = environment::variable(TOKEN) {
        // As it is: figment would read digits as a number.
        figment = figment.merge(Given {
            origin: if std::env::var_os(TOKEN).is_some() {
                "the environment"
            } else {
                environment::FILE
            },
            key: "serve.token".to_owned(),
            value: token.into(),
        });
    }
    for (key, value) in flags {
        figment = figment.merge(Given {
            origin: COMMAND_LINE,
            key: (*key).to_owned(),
            value: value.clone(),
        });
    }

    let config: Config = figment.extract().map_err(|error| explain(&error))?;
    let folder = file
        .as_deref()
        .and_then(Path::parent)
        .map_or(current, Path::to_owned);
    check(&config)?;
    let lake = lake::Location::parse(&config.storage.lake, &folder).map_err(|error| {
        Failure::usage("`storage.lake` is neither a folder nor the address of one")
            .hint("it looks like `data/lake` or `s3://bucket/prefix`")
            .because(error)
    })?;
    Ok(Loaded {
        config,
        lake,
        folder,
        figment,
        warnings: unknown_variables(),
    })
}

/// Refuses a file of another release's before any key of it is.
fn expect_known(file: &Figment) -> Result<(), Failure> {
    match file.extract_inner::<Layout>("layout") {
        Ok(found) if found > Layout::CURRENT => Err(Failure::usage(format!(
            "`{FILE}` has layout {}, and this release of Filmstar knows {} at most",
            found.0,
            Layout::CURRENT.0
        ))
        .hint("install the newer release of Filmstar again")),
        Ok(Layout(0)) => Err(Failure::usage(format!(
            "`{FILE}` has layout 0, which there never was"
        ))
        .hint("take the line `layout` out of it; this release writes 1")),
        // Without one it is the first; what else is wrong with the file is told when its keys are read.
        _ => Ok(()),
    }
}

/// The configuration file here or in a folder above.
pub(super) fn nearest_file(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join(FILE))
        .find(|file| file.is_file())
}

/// One value from the command line or from `.env`.
struct Given {
    origin: &'static str,
    key: String,
    value: figment::value::Value,
}

impl figment::Provider for Given {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named(self.origin)
    }

    fn data(
        &self,
    ) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        Serialized::default(&self.key, &self.value).data()
    }
}

/// Values that parse but make no sense.
fn check(config: &Config) -> Result<(), Failure> {
    let refuse = |key: &str, why: &str| {
        Err(Failure::usage(format!("`{key}` {why}"))
            .hint("`filmstar config show --origin` tells where it was set"))
    };
    let is_address = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    if !is_address(&config.tmdb.base_url) {
        return refuse("tmdb.base_url", "must start with http:// or https://");
    }
    if !is_address(&config.tmdb.exports_url()) {
        return refuse("tmdb.exports_url", "must start with http:// or https://");
    }
    if config.tmdb.max_in_flight == 0 || config.tmdb.max_in_flight > 20 {
        return refuse(
            "tmdb.max_in_flight",
            "must be between 1 and 20: TMDB allows 20 connections",
        );
    }
    if !(0.0..=1e9).contains(&config.ingest.min_popularity) {
        return refuse("ingest.min_popularity", "must be 0 or more");
    }
    if let Some(odd) = config
        .ingest
        .languages
        .iter()
        .find(|code| code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_lowercase()))
    {
        return refuse(
            "ingest.languages",
            &format!(
                "holds `{odd}`, which is no language of TMDB's: two small letters, such as `en`"
            ),
        );
    }
    let is_name = |name: &String| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".-_[:]".contains(letter);
        !name.is_empty()
            && name.chars().all(is_part)
            && (name.starts_with('[') || !name.contains(':'))
    };
    if !config.serve.hosts.iter().all(is_name) {
        return refuse(
            "serve.hosts",
            "has names alone, such as `films.example`: no http://, no port and no path",
        );
    }
    if config.storage.timeout_s == 0 {
        return refuse("storage.timeout_s", "must be at least 1");
    }
    if config.build.threads == 0 {
        return refuse("build.threads", "must be at least 1");
    }
    if !(1..=32).contains(&config.warehouse.load_connections) {
        return refuse("warehouse.load_connections", "must be between 1 and 32");
    }
    Ok(())
}

/// Turns figment's error into one that names the key, its origin and the nearest valid name.
fn explain(error: &figment::Error) -> Failure {
    let origin = error.metadata.as_ref().map(origin_name).unwrap_or_default();
    let path = error.path.join(".");
    match &error.kind {
        figment::error::Kind::UnknownField(name, expected) => {
            let key = if path.is_empty() || path == *name || path.ends_with(&format!(".{name}")) {
                if path.is_empty() { name.clone() } else { path }
            } else {
                format!("{path}.{name}")
            };
            Failure::usage(format!("unknown key `{key}` in {origin}"))
                .hint(keys::nearest_hint(name, expected))
        }
        // The file as a whole; the parser names the line.
        kind if path.is_empty() => Failure::usage(format!("`{origin}` cannot be read: {kind}"))
            .hint("mend that line; each `[section]` stands once in the file"),
        kind => Failure::usage(format!("bad value for `{path}` in {origin}: {kind}"))
            .hint("`filmstar config show` lists every key with a valid value"),
    }
}

/// How a source is called in messages.
pub(crate) fn origin_name(metadata: &figment::Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => path.file_name().map_or_else(
            || FILE.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        _ if metadata.name.contains("environment") => "the environment".to_owned(),
        _ if [COMMAND_LINE, environment::FILE].contains(&&*metadata.name) => {
            metadata.name.clone().into_owned()
        }
        _ => "the defaults".to_owned(),
    }
}

fn unknown_variables() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with(PREFIX) && !name.contains("__"))
        .filter(|name| !OTHER_VARIABLES.contains(&name.as_str()) && !name.starts_with("FILMSTAR_TEST_"))
        .map(|name| {
            let key = name.trim_start_matches(PREFIX).to_lowercase().replacen('_', "__", 1).to_uppercase();
            format!("the environment variable `{name}` sets nothing; sections are split by two underscores: `{PREFIX}{key}`")
        })
        .collect()
}
