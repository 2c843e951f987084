-- Events lie in the order of their positions and have no index of their own: each one knows where the one before it
-- in its stream lies, and `streams` knows the last. So an append touches the end of one tree, however many events
-- there are, and reading a stream is one seek per event.
create table streams (
    id integer primary key,
    name text not null unique,
    first integer not null,
    last integer not null,
    version integer not null,
    head blob not null check (length(head) = 32)
) strict;
create index streams_first on streams (first);

create table events (
    position integer primary key,
    stream integer not null,
    version integer not null,
    previous integer not null,
    id blob not null check (length(id) = 16),
    at integer not null,
    kind text not null,
    schema integer not null,
    actor text not null,
    body blob not null,
    hash blob not null check (length(hash) = 32)
) strict;

-- Every 64th event of a stream, so that a long stream can be read from its middle.
create table marks (
    stream integer not null,
    version integer not null,
    position integer not null,
    primary key (stream, version)
) strict, without rowid;

-- What each command was answered. Keys that grow with time (UUID v7) are appended.
create table commands (
    id blob primary key check (length(id) = 16),
    at integer not null,
    first integer not null,
    last integer not null,
    numbers blob not null,
    reply blob not null
) strict, without rowid;

create table checkpoints (
    number integer primary key,
    at integer not null,
    position integer not null,
    streams integer not null,
    heads blob not null,
    span blob not null,
    previous blob not null,
    key_id text not null,
    signature blob not null
) strict;
