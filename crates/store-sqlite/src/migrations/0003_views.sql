-- The declared views. The rows of generation g of view v lie in view_v_g; a rebuild fills the next generation.
create table views (
    name text primary key,
    digest blob not null,
    generation integer not null,
    stale integer not null
) strict, without rowid;

-- One row while a rebuild is under way.
create table rebuild (
    one integer primary key check (one = 1),
    generation integer not null,
    up_to integer not null
) strict;
