-- The one row that every commit locks: whoever holds it writes, so positions are given in the order of commits.
create table journal (
    one boolean primary key default true check (one),
    last bigint not null,
    -- Rises whenever the tables of views change, so that every node finds the right ones.
    views bigint not null
) with (fillfactor = 10);
insert into journal (last, views) values (0, 0);

-- How many groups each node has committed: after a lost connection this tells whether the last one took effect.
create table writers (
    id uuid primary key,
    groups bigint not null,
    opened_at timestamptz not null default now()
) with (fillfactor = 10);

-- A stream is known by the position of its first event.
create table streams (
    first bigint primary key,
    name text collate "C" not null unique,
    version bigint not null,
    head bytea not null check (octet_length(head) = 32)
) with (fillfactor = 80);

create table events (
    position bigint primary key,
    stream bigint not null,
    version bigint not null,
    id uuid not null,
    at bigint not null,
    kind text collate "C" not null,
    schema bigint not null,
    actor text collate "C" not null,
    body bytea not null,
    hash bytea not null check (octet_length(hash) = 32),
    unique (stream, version)
);

-- What each command was answered.
create table commands (
    id uuid primary key,
    at bigint not null,
    first bigint not null,
    last bigint not null,
    numbers bytea not null,
    reply bytea not null
);
create index commands_at on commands using brin (at);

create table checkpoints (
    number bigint primary key,
    at bigint not null,
    position bigint not null,
    streams bigint not null,
    heads bytea not null,
    span bytea not null,
    previous bytea not null,
    key_id text collate "C" not null,
    signature bytea not null
);

-- Personal data; an erased key keeps its row with nothing in it.
create table vault (
    key text collate "C" primary key,
    subject text collate "C",
    salt bytea,
    bytes bytea,
    digest bytea
);
create index vault_subject on vault (subject) where subject is not null;

-- Files in pieces, so that any node can read them. Pieces whose upload has no row in blobs are unfinished.
create table blobs (
    digest bytea primary key check (octet_length(digest) = 32),
    bytes bigint not null,
    stored_at bigint not null,
    upload uuid not null
);
create table uploads (
    id uuid primary key,
    begun_at bigint not null
);
create table blob_pieces (
    upload uuid not null,
    number bigint not null,
    piece bytea not null,
    primary key (upload, number)
);
alter table blob_pieces alter column piece set storage external;
create table blob_owners (
    digest bytea not null,
    owner text collate "C" not null,
    primary key (digest, owner)
);

create table editions (
    number bigint generated always as identity primary key,
    hash text collate "C" not null unique,
    bytes bytea not null
);

create table kv (
    space text collate "C" not null,
    key text collate "C" not null,
    bytes bytea not null,
    expires_at bigint,
    primary key (space, key)
);
create index kv_expires_at on kv (expires_at) where expires_at is not null;

create table counters (
    name text collate "C" primary key,
    last bigint not null
) with (fillfactor = 50);

-- state: 0 waiting, 1 done, 2 given up. free_at: when a worker may take it, its due time or the end of its lease.
create table jobs (
    id uuid primary key,
    queue text collate "C" not null,
    due_at bigint not null,
    free_at bigint not null,
    leased boolean not null,
    attempt bigint not null,
    state smallint not null,
    body bytea not null,
    problem text,
    ended_at bigint
);
create index jobs_waiting on jobs (queue, free_at, id) where state = 0;
create index jobs_ended on jobs (queue, state, ended_at) where state > 0;

-- The declared views. The rows of generation g of view v lie in view_v_g; a rebuild fills the next generation.
create table views (
    name text collate "C" primary key,
    digest bytea not null,
    generation bigint not null,
    stale boolean not null
);

-- One row while a rebuild is under way, of the node that does it.
create table rebuild (
    one boolean primary key default true check (one),
    owner uuid not null,
    generation bigint not null,
    up_to bigint not null
);
