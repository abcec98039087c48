-- TMDB's daily exports: the popularity of every film and person, a row each
-- for each day.

create table raw.movie_exports (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    export_date date not null,
    original_title text,
    popularity double precision,
    adult boolean,
    video boolean,
    payload text not null
);

create table raw.person_exports (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    export_date date not null,
    name text,
    popularity double precision,
    adult boolean,
    payload text not null
);
