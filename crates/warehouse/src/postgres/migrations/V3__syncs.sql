-- How far the lake is in step with the changes feeds.

create table raw.syncs (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    feed text,
    state text,
    first_day date,
    last_day date,
    n_listed bigint,
    n_fetched bigint,
    payload text not null
);
