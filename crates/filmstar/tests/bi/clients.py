"""What BI tools and notebooks see as `filmstar_reader`, asserted.

The connection comes from libpq's variables (PGHOST, PGPORT, PGDATABASE, PGUSER,
PGPASSWORD). The database has a published build and one kept for a rollback.
"""

import os

import ibis
import pandas
import sqlalchemy
from sqlalchemy import text

MART = "mart_movies"
# Some of what users bind to.
TABLES = {MART, "dim_movies", "fact_movies", "fact_credits", "bridge_movies_genres"}


def sqlalchemy_reflects_the_published_schema(engine):
    inspector = sqlalchemy.inspect(engine)
    assert inspector.default_schema_name == "main"
    # Without a schema, as a notebook would ask.
    tables = set(inspector.get_table_names())
    assert tables >= TABLES, tables
    assert inspector.get_view_names() == []
    for table in tables:
        comment = inspector.get_table_comment(table)["text"]
        assert comment, f"{table} has no comment"
        for column in inspector.get_columns(table):
            assert column["comment"], f"{table}.{column['name']} has no comment"
    # dbt's descriptions, not others.
    assert "One row per film." in inspector.get_table_comment(MART)["text"]
    columns = {column["name"]: column for column in inspector.get_columns(MART)}
    assert "TMDB's id of the film." in columns["movie_id"]["comment"]
    types = {name: str(column["type"]) for name, column in columns.items()}
    assert types["movie_id"] == types["revenue_usd"] == "BIGINT", types
    assert types["roi"] == "DOUBLE PRECISION", types
    assert types["release_date"] == "DATE", types
    keys = [index["column_names"] for index in inspector.get_indexes(MART) if index["unique"]]
    assert keys == [["movie_id"]], keys

    metadata = sqlalchemy.MetaData()
    metadata.reflect(engine)
    assert set(metadata.tables) == tables


def pandas_reads_a_mart_as_the_server_counts_it(engine):
    films = pandas.read_sql_table(MART, engine, dtype_backend="numpy_nullable")
    with engine.connect() as connection:
        counted = connection.execute(
            text(f"select count(*), count(revenue_usd), sum(revenue_usd) from {MART}")
        ).one()
    assert len(films) == counted[0] > 0
    assert films["movie_id"].is_unique
    # Unknown is missing, and the rest is exact.
    assert str(films["revenue_usd"].dtype) == "Int64"
    assert films["revenue_usd"].notna().sum() == counted[1] < len(films)
    assert films["revenue_usd"].sum() == counted[2]


def ibis_lists_tables_and_aggregates(engine):
    connection = ibis.postgres.connect(
        host=os.environ["PGHOST"],
        port=int(os.environ.get("PGPORT", "5432")),
        user=os.environ["PGUSER"],
        password=os.environ.get("PGPASSWORD"),
        database=os.environ["PGDATABASE"],
    )
    assert set(connection.list_tables()) >= TABLES
    assert not [name for name in connection.list_databases() if "__" in name]
    films = connection.table(MART)
    by_year = (
        films.filter(films.is_in_population)
        .group_by("release_year")
        .aggregate(n=ibis._.count(), revenue=ibis._.revenue_usd.sum())
        .order_by("release_year")
        .execute()
    )
    with engine.connect() as connection:
        counted = connection.execute(
            text(f"select count(*), sum(revenue_usd) from {MART} where is_in_population")
        ).one()
    assert by_year["n"].sum() == counted[0] > 0
    assert by_year["revenue"].sum() == counted[1]


def the_catalogues_that_tools_ask_show_what_is_published(engine):
    with engine.connect() as connection:

        def names(sql):
            return {name for (name,) in connection.execute(text(sql))}

        # JDBC and ODBC tools: what this user has rights on.
        ours = "table_schema not in ('pg_catalog', 'information_schema')"
        for view in ("tables", "columns", "table_privileges"):
            found = names(f"select table_schema from information_schema.{view} where {ours}")
            assert found == {"main", "filmstar", "history"}, (view, found)
        found = names(f"select privilege_type from information_schema.table_privileges where {ours}")
        assert found == {"SELECT"}, found
        found = names("select table_name from information_schema.tables where table_schema = 'filmstar'")
        assert found == {"builds"}, found

        # Everybody may read the names in pg_catalog; the builds that are kept must be closed all the same.
        kept = "nspname like 'main\\_\\_%' and relkind = 'r'"
        source = f"from pg_catalog.pg_class inner join pg_catalog.pg_namespace on relnamespace = pg_namespace.oid where {kept}"
        assert MART in names(f"select relname {source}"), "no build is kept for a rollback"
        may = "has_schema_privilege(pg_namespace.oid, 'usage') or has_table_privilege(pg_class.oid, 'select')"
        assert names(f"select {may} {source}") == {False}
        usable = "has_schema_privilege(oid, 'usage') and nspname !~ '^pg_'"
        found = names(f"select nspname from pg_catalog.pg_namespace where {usable}")
        assert found == {"main", "filmstar", "history", "public", "information_schema"}, found


def nothing_can_be_written(engine):
    for statement in (
        f"delete from {MART}",
        "create table films (id int)",
        "set transaction read write; create table films (id int)",
        "set transaction read write; create table public.films (id int)",
        "set transaction read write; create temporary table films (id int)",
    ):
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(statement)
        except sqlalchemy.exc.DBAPIError as error:
            assert error.orig.sqlstate in ("25006", "42501"), error
        else:
            raise AssertionError(f"the reader may `{statement}`")


if __name__ == "__main__":
    engine = sqlalchemy.create_engine("postgresql+psycopg://")
    sqlalchemy_reflects_the_published_schema(engine)
    pandas_reads_a_mart_as_the_server_counts_it(engine)
    ibis_lists_tables_and_aggregates(engine)
    the_catalogues_that_tools_ask_show_what_is_published(engine)
    nothing_can_be_written(engine)
