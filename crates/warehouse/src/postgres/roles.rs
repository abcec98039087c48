//! Roles, database and schemas, each with the least rights that its work needs.
//!
//! | role | may |
//! | --- | --- |
//! | loader | own `raw` and `filmstar` |
//! | transformer | read `raw`, keep account in `filmstar.builds`, create schemas, own the published ones |
//! | reader | read the schema that users bind to, and which build it is |

use postgres_protocol::password::scram_sha_256;

use super::{
    Password, Postgres, PostgresSettings,
    jobs::texts,
    literal,
    load::{CONTROL_SCHEMA, migrate},
    quoted,
    session::Session,
};
use crate::{Connection as _, Result, Value, raw};

/// Who does what in a database.
#[derive(Debug, Clone)]
pub struct Rights {
    /// The database.
    pub database: String,
    /// Who loads the raw tables.
    pub loader: (String, Option<Password>),
    /// Who builds the models.
    pub transformer: (String, Option<Password>),
    /// Who reads what was published.
    pub reader: (String, Option<Password>),
    /// The schema that readers see.
    pub public_schema: String,
    /// Schemas of the models that readers do not see.
    pub private_schemas: Vec<String>,
}

/// Makes what is missing and grants what is due; what is there stays. Returns what was done, a sentence each.
/// `admin` may create roles and databases; it is connected to a database that exists.
///
/// # Errors
/// When the server cannot be reached, the administrator may not do it, or a statement fails.
pub fn initialize(admin: &PostgresSettings, rights: &Rights) -> Result<Vec<String>> {
    let mut done = Vec::new();
    let mut session = Postgres::new(admin.clone())?.session()?;
    let roles = [&rights.loader, &rights.transformer, &rights.reader];
    for (name, password) in roles {
        done.extend(role(&mut session, name, password.as_ref())?);
    }
    done.extend(database(&mut session, &rights.database)?);
    let inside = PostgresSettings {
        database: rights.database.clone(),
        ..admin.clone()
    };
    let postgres = Postgres::new(inside)?;
    let mut session = postgres.session()?;
    for statement in schemas(rights) {
        session.execute(&statement)?;
    }
    session.execute(&format!("set role {}", quoted(&rights.loader.0)))?;
    let migrations = migrate(&mut session, &postgres)?;
    done.extend(
        migrations
            .into_iter()
            .map(|name| format!("migrated to {name}")),
    );
    for statement in grants_on_tables(rights) {
        session.execute(&statement)?;
    }
    Ok(done)
}

fn role(session: &mut Session, name: &str, password: Option<&Password>) -> Result<Option<String>> {
    let found = texts(
        session,
        "select rolname::text from pg_catalog.pg_roles where rolname = $1",
        &[Value::Text(name.to_owned())],
    )?;
    // Hashed here, so that the password itself is neither sent nor in the server's log.
    let secret = password.map(|password| {
        let hash = scram_sha_256(password.expose().as_bytes());
        format!(" password {}", literal(&hash))
    });
    let said = match (found.is_empty(), &secret) {
        (true, Some(_)) => format!("created role {name}"),
        (true, None) => format!("created role {name}, without a password"),
        (false, Some(_)) => format!("set the password of role {name}"),
        (false, None) => return Ok(None),
    };
    let verb = if found.is_empty() { "create" } else { "alter" };
    let secret = secret.unwrap_or_default();
    // The statement holds the hash, so it stays out of errors.
    session
        .execute(&format!("{verb} role {} login{secret}", quoted(name)))
        .map_err(|error| match error {
            crate::Error::Sql { message, .. } => crate::Error::Sql {
                message,
                sql: format!("{verb} role {}", quoted(name)),
            },
            other => other,
        })?;
    // An administrator who is no superuser must belong to a role to give it things.
    session.execute(&format!(
        "do $$ begin
            if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
                execute pg_catalog.format('grant %I to current_user', {});
            end if;
        end $$",
        literal(name)
    ))?;
    Ok(Some(said))
}

fn database(session: &mut Session, name: &str) -> Result<Option<String>> {
    let found = texts(
        session,
        "select pg_catalog.pg_encoding_to_char(encoding) || ' ' || datcollate
         from pg_catalog.pg_database where datname = $1",
        &[Value::Text(name.to_owned())],
    )?;
    if let Some(found) = found.first() {
        let is_alike = ["UTF8 C", "UTF8 POSIX", "UTF8 C.UTF-8", "UTF8 C.utf8"].contains(&&**found);
        return Ok((!is_alike).then(|| {
            format!("database {name} is there and is {found}: text sorts otherwise than on DuckDB")
        }));
    }
    // Texts sort by code point, as on DuckDB and on every machine. Not every system has the UTF-8 variant.
    let create = |ctype: &str| {
        format!(
            "create database {} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype '{ctype}'",
            quoted(name)
        )
    };
    session
        .execute(&create("C.UTF-8"))
        .or_else(|_| session.execute(&create("C")))?;
    Ok(Some(format!("created database {name}")))
}

fn schemas(rights: &Rights) -> Vec<String> {
    let [loader, transformer, reader] =
        [&rights.loader.0, &rights.transformer.0, &rights.reader.0].map(|name| quoted(name));
    let database = quoted(&rights.database);
    let public = quoted(&rights.public_schema);
    let mut statements = vec![
        format!("revoke all on database {database} from public"),
        "revoke create on schema public from public".to_owned(),
        format!("grant connect on database {database} to {loader}, {transformer}, {reader}"),
        format!("grant create, temporary on database {database} to {transformer}"),
    ];
    for schema in [raw::SCHEMA, CONTROL_SCHEMA] {
        statements.push(format!(
            "create schema if not exists {schema} authorization {loader}"
        ));
        statements.push(format!("grant usage on schema {schema} to {transformer}"));
    }
    for schema in [&rights.public_schema]
        .into_iter()
        .chain(&rights.private_schemas)
    {
        let schema = quoted(schema);
        statements.push(format!(
            "create schema if not exists {schema} authorization {transformer}"
        ));
    }
    let reading = format!("alter role {reader} in database {database} set");
    statements.extend([
        format!("grant usage on schema {CONTROL_SCHEMA}, {public} to {reader}"),
        format!("grant select on all tables in schema {public} to {reader}"),
        format!(
            "alter default privileges for role {loader} in schema {raw} grant select on tables to {transformer}",
            raw = raw::SCHEMA
        ),
        format!(
            "alter default privileges for role {transformer} in schema {public} grant select on tables to {reader}"
        ),
        format!("{reading} default_transaction_read_only = on"),
        format!("{reading} statement_timeout = '60s'"),
        format!("{reading} idle_in_transaction_session_timeout = '5min'"),
        format!("{reading} search_path = {public}"),
        format!("alter role {transformer} in database {database} set search_path = {public}"),
    ]);
    statements
}

/// Given by the loader, who owns the tables.
fn grants_on_tables(rights: &Rights) -> [String; 3] {
    let [transformer, reader] = [&rights.transformer.0, &rights.reader.0].map(|name| quoted(name));
    [
        format!(
            "grant select on all tables in schema {} to {transformer}",
            raw::SCHEMA
        ),
        format!("grant select, insert, update, delete on {CONTROL_SCHEMA}.builds to {transformer}"),
        format!("grant select on {CONTROL_SCHEMA}.builds to {reader}"),
    ]
}
