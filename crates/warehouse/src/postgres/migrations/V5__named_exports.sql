-- TMDB's daily exports of what has a name and no popularity, a row each for
-- each day that landed.

create table raw.collection_exports (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    export_date date not null,
    name text,
    payload text not null
);

create table raw.company_exports (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    export_date date not null,
    name text,
    payload text not null
);

create table raw.keyword_exports (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    export_date date not null,
    name text,
    payload text not null
);
