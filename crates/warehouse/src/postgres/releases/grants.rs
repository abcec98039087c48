//! What others may do with a schema and its relations, taken from one build to the next.

use super::super::{jobs::texts, session::Session};
use crate::{Result, Value};

/// A grantee as SQL has it; `acl` is a row of `aclexplode`.
const GRANTEE: &str = "case when acl.grantee = 0 then 'public'
    else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(acl.grantee)) end";
const OPTION: &str = "case when acl.is_grantable then ' with grant option' else '' end";

/// Statements that give on `to` and its relations what is given on `from` and its relations of the same names.
/// Relations that `from` does not have get what `from` gives on new ones.
pub(super) fn handed_over(session: &mut Session, from: &str, to: &str) -> Result<Vec<String>> {
    let sql = format!(
        "with

        schemas as (
            select oid, nspname, nspacl, nspowner from pg_catalog.pg_namespace where nspname = $1
        ),

        defaults as (
            select acl.* from pg_catalog.pg_default_acl
            inner join schemas on defaclnamespace = schemas.oid
            cross join lateral pg_catalog.aclexplode(defaclacl) as acl
            where defaclobjtype = 'r' and acl.grantee <> defaclrole
                and defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
        ),

        old as (
            select pg_class.oid, relname, relacl, relowner from pg_catalog.pg_class
            inner join schemas on relnamespace = schemas.oid
            where relkind in ('r', 'p', 'v', 'm')
        ),

        new as (
            select pg_class.oid, relname from pg_catalog.pg_class
            inner join pg_catalog.pg_namespace on relnamespace = pg_namespace.oid
            where nspname = $2 and relkind in ('r', 'p', 'v', 'm')
        )

        select pg_catalog.format('grant %s on schema %I to %s%s', acl.privilege_type, $2::text, {GRANTEE}, {OPTION})
        from schemas cross join lateral pg_catalog.aclexplode(nspacl) as acl
        where acl.grantee <> nspowner

        union all

        select pg_catalog.format(
            'alter default privileges in schema %I grant %s on tables to %s%s',
            $2::text, acl.privilege_type, {GRANTEE}, {OPTION}
        )
        from defaults as acl

        union all

        select pg_catalog.format(
            'grant %s on table %I.%I to %s%s', acl.privilege_type, $2::text, new.relname, {GRANTEE}, {OPTION}
        )
        from old inner join new on old.relname = new.relname
        cross join lateral pg_catalog.aclexplode(old.relacl) as acl
        where acl.grantee <> old.relowner

        union all

        select pg_catalog.format(
            'grant %s (%I) on table %I.%I to %s%s',
            acl.privilege_type, was.attname, $2::text, new.relname, {GRANTEE}, {OPTION}
        )
        from old inner join new on old.relname = new.relname
        inner join pg_catalog.pg_attribute as was on old.oid = was.attrelid
        inner join pg_catalog.pg_attribute as is_now
            on new.oid = is_now.attrelid and was.attname = is_now.attname
        cross join lateral pg_catalog.aclexplode(was.attacl) as acl
        where not is_now.attisdropped

        union all

        select pg_catalog.format(
            'grant %s on table %I.%I to %s%s', acl.privilege_type, $2::text, new.relname, {GRANTEE}, {OPTION}
        )
        from new cross join defaults as acl
        where not exists (select from old where old.relname = new.relname)"
    );
    texts(
        session,
        &sql,
        &[Value::Text(from.to_owned()), Value::Text(to.to_owned())],
    )
}

/// Statements that take from everybody but the owner what is given on a schema and on those of its relations that
/// are this user's: what somebody else made there is theirs to give.
pub(super) fn withdrawn(session: &mut Session, schema: &str) -> Result<Vec<String>> {
    let sql = format!(
        "with

        schemas as (
            select oid, nspname, nspacl, nspowner from pg_catalog.pg_namespace where nspname = $1
        ),

        given as (
            select pg_class.relname, acl.grantee from pg_catalog.pg_class
            inner join schemas on relnamespace = schemas.oid
            cross join lateral pg_catalog.aclexplode(relacl) as acl
            where acl.grantee <> relowner and pg_catalog.pg_has_role(relowner, 'usage')

            union

            select pg_class.relname, acl.grantee from pg_catalog.pg_attribute
            inner join pg_catalog.pg_class on attrelid = pg_class.oid
            inner join schemas on relnamespace = schemas.oid
            cross join lateral pg_catalog.aclexplode(attacl) as acl
            where acl.grantee <> relowner and pg_catalog.pg_has_role(relowner, 'usage')
        )

        select pg_catalog.format('revoke all on table %I.%I from %s', $1::text, acl.relname, {GRANTEE})
        from given as acl

        union all

        select distinct pg_catalog.format(
            'revoke all on schema %1$I from %2$s; '
            || 'alter default privileges in schema %1$I revoke all on tables from %2$s',
            $1::text, {GRANTEE}
        )
        from schemas cross join lateral pg_catalog.aclexplode(nspacl) as acl
        where acl.grantee <> nspowner"
    );
    texts(session, &sql, &[Value::Text(schema.to_owned())])
}
