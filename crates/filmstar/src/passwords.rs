//! Passwords where libpq keeps them: `PGPASSWORD`, a service file, a password file.

use std::path::{Path, PathBuf};

use fs_err as fs;
use warehouse::{Password, PostgresSettings};

use crate::config::environment::variable;

/// The password that libpq would use for a connection whose profile gives none. A file that others can read is
/// left alone, as libpq does, with a sentence about it.
pub(crate) fn find(settings: &PostgresSettings, warn: &mut dyn FnMut(String)) -> Option<Password> {
    let found = from_service(settings)
        .or_else(|| variable("PGPASSWORD"))
        .or_else(|| from_password_file(settings, warn));
    found.and_then(Password::new)
}

fn home(name: &str) -> Option<PathBuf> {
    variable("HOME").map(|home| Path::new(&home).join(name))
}

/// The `password` of the service that `PGSERVICE` names, unless the service is another user's.
fn from_service(settings: &PostgresSettings) -> Option<String> {
    let service = variable("PGSERVICE")?;
    let user_file = variable("PGSERVICEFILE")
        .map(PathBuf::from)
        .or_else(|| home(".pg_service.conf"));
    let system_file =
        variable("PGSYSCONFDIR").map(|folder| Path::new(&folder).join("pg_service.conf"));
    let texts = [user_file, system_file]
        .into_iter()
        .flatten()
        .filter_map(|file| fs::read_to_string(file).ok());
    let section = texts
        .filter_map(|text| service_section(&text, &service))
        .next()?;
    let of = |key: &str| {
        let (_, value) = section.iter().rfind(|(name, _)| name == key)?;
        Some(value.clone())
    };
    let is_ours = of("user").is_none_or(|user| user == settings.user);
    of("password").filter(|_| is_ours)
}

/// The pairs of one `[section]`; `None` when there is no such section.
fn service_section(text: &str, service: &str) -> Option<Vec<(String, String)>> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == format!("[{service}]"))?;
    let pairs = lines
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='));
    Some(
        pairs
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect(),
    )
}

/// The first line of the password file that fits.
fn from_password_file(settings: &PostgresSettings, warn: &mut dyn FnMut(String)) -> Option<String> {
    let file = variable("PGPASSFILE")
        .map(PathBuf::from)
        .or_else(|| home(".pgpass"))?;
    let metadata = fs::metadata(&file).ok()?;
    if is_open_to_others(&metadata) {
        warn(format!(
            "`{}` is left alone because others can read it; `chmod 600` it",
            file.display()
        ));
        return None;
    }
    let text = fs::read_to_string(&file).ok()?;
    text.lines().find_map(|line| password_on(line, settings))
}

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// `host:port:database:user:password`, each of the first four possibly `*`, `:` and `\` escaped by `\`.
fn password_on(line: &str, settings: &PostgresSettings) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let last = fields.last_mut()?;
        match character {
            '\\' => last.extend(characters.next()),
            ':' => fields.push(String::new()),
            other => last.push(other),
        }
    }
    let [host, port, database, user, password] = &fields[..] else {
        return None;
    };
    // A socket's folder goes by this name.
    let our_host = if settings.host.starts_with('/') {
        "localhost"
    } else {
        &settings.host
    };
    let wanted = [
        (host, our_host),
        (port, &*settings.port.to_string()),
        (database, &*settings.database),
        (user, &*settings.user),
    ];
    let fits = wanted
        .iter()
        .all(|(field, ours)| *field == "*" || field == ours);
    fits.then(|| password.clone())
}

#[cfg(test)]
mod tests {
    use warehouse::PostgresSettings;

    use super::{password_on, service_section};

    #[test]
    fn a_line_of_the_password_file_fits_or_not() {
        let settings = PostgresSettings::new("db.example", 5433, "filmstar", "filmstar_loader");
        let check = |line: &str, expect: Option<&str>| {
            assert_eq!(password_on(line, &settings).as_deref(), expect, "{line}");
        };
        check(
            "db.example:5433:filmstar:filmstar_loader:pass",
            Some("pass"),
        );
        check(r"*:*:*:filmstar_loader:a\:b\\c", Some(r"a:b\c"));
        check("*:5432:*:filmstar_loader:pass", None);
        check("*:*:*:other:pass", None);
        check("# *:*:*:*:pass", None);
        check("*:*:*", None);
    }

    #[test]
    fn a_service_is_read_from_its_own_section() {
        let text = "# films\n[other]\npassword=no\n\n[films]\n# a comment\nuser = me\npassword=p=q\n[last]\n";
        let section = service_section(text, "films").unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(section, [pair("user", "me"), pair("password", "p=q")]);
        assert_eq!(service_section(text, "missing"), None);
    }
}
