-- What bodies held and nothing here expects.

create table raw.drift (
    id bigint not null,
    fetched_at timestamp without time zone not null,
    http_status integer not null,
    run_id text not null,
    path text,
    change text,
    n bigint,
    payload text not null
);
