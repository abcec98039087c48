-- What the lake holds, one table a kind, and which parts of it are here.

create table raw.movies (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    imdb_id text,
    title text,
    original_title text,
    original_language text,
    tagline text,
    overview text,
    homepage text,
    status text,
    release_date date,
    runtime integer,
    budget bigint,
    revenue bigint,
    popularity double precision,
    vote_average double precision,
    vote_count bigint,
    adult boolean,
    video boolean,
    softcore boolean,
    poster_path text,
    backdrop_path text,
    belongs_to_collection jsonb,
    genres jsonb,
    production_companies jsonb,
    production_countries jsonb,
    spoken_languages jsonb,
    origin_country jsonb,
    keywords jsonb,
    credits_cast jsonb,
    credits_crew jsonb,
    release_dates jsonb,
    external_ids jsonb,
    payload text not null
);

create table raw.people (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    name text,
    also_known_as jsonb,
    biography text,
    homepage text,
    imdb_id text,
    known_for_department text,
    place_of_birth text,
    profile_path text,
    birthday date,
    deathday date,
    gender integer,
    adult boolean,
    popularity double precision,
    payload text not null
);

create table raw.genres (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    genres jsonb,
    payload text not null
);

create table raw.countries (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    countries jsonb,
    payload text not null
);

create table raw.languages (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    languages jsonb,
    payload text not null
);

create table raw.jobs (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    departments jsonb,
    payload text not null
);

create table raw.configuration (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    images jsonb,
    change_keys jsonb,
    payload text not null
);

create table raw.quarantine (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    kind text,
    reason text,
    payload text not null
);

-- The quicker compression for what is large, where the server was built with
-- it: a load packs it and every build unpacks it.
do $$
declare
    wide record;
begin
    for wide in
        select attrelid::regclass as relation, attname
        from pg_catalog.pg_attribute
        where
            attrelid in ('raw.movies'::regclass, 'raw.people'::regclass)
            and attnum > 0
            and atttypid in ('jsonb'::regtype, 'text'::regtype)
    loop
        execute format(
            'alter table %s alter column %I set compression lz4',
            wide.relation, wide.attname
        );
    end loop;
exception
    when feature_not_supported then null;
end
$$;

-- A part is a file of the lake. Its row and its observations come in one
-- transaction, so it is here whole or not at all.
create table filmstar.loaded_parts (
    kind text not null,
    part text not null,
    n_rows bigint not null,
    loaded_at timestamp with time zone not null default now(),
    primary key (kind, part)
);
comment on table filmstar.loaded_parts is
    'Files of the lake whose observations are in the raw tables. One row per file.';

create table filmstar.builds (
    build_id text primary key,
    state text not null check (state in ('building', 'published', 'withdrawn')),
    is_current boolean not null default false check (not is_current or state = 'published'),
    schemas text[] not null,
    started_at timestamp with time zone not null default now(),
    published_at timestamp with time zone check (state = 'building' or published_at is not null)
);
create unique index builds_current on filmstar.builds (is_current) where is_current;
comment on table filmstar.builds is
    'Builds of the models and which of them readers see. One row per build that is kept.';
