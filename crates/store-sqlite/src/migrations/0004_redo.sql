-- What committed groups change in streams, commands and views, until the tables themselves show it. A row of it costs
-- a commit one page where the tables would cost a dozen; rows are taken up and removed in one transaction.
create table redo (
    number integer primary key,
    bytes blob not null
) strict;
