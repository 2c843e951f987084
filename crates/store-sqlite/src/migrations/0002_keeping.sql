-- Personal data; an erased key keeps its row with nothing in it.
create table vault (
    key text not null unique,
    subject text,
    salt blob,
    bytes blob,
    digest blob
) strict;
create index vault_subject on vault (subject) where subject is not null;

-- Files lie in a folder beside the database, under their digests.
create table blobs (
    digest blob primary key check (length(digest) = 32),
    bytes integer not null,
    stored_at integer not null
) strict, without rowid;
create table blob_owners (
    digest blob not null,
    owner text not null,
    primary key (digest, owner)
) strict, without rowid;

create table editions (
    number integer primary key,
    hash text not null unique,
    bytes blob not null
) strict;

create table kv (
    space text not null,
    key text not null,
    bytes blob not null,
    expires_at integer,
    primary key (space, key)
) strict, without rowid;
create index kv_expires_at on kv (expires_at) where expires_at is not null;

create table counters (
    name text primary key,
    last integer not null
) strict, without rowid;

-- state: 0 waiting, 1 done, 2 given up. free_at: when a worker may take it, its due time or the end of its lease.
create table jobs (
    id blob primary key check (length(id) = 16),
    queue text not null,
    due_at integer not null,
    free_at integer not null,
    leased integer not null,
    attempt integer not null,
    state integer not null,
    body blob not null,
    problem text,
    ended_at integer
) strict, without rowid;
create index jobs_waiting on jobs (queue, free_at) where state = 0;
create index jobs_ended on jobs (queue, state, ended_at) where state > 0;
