// A page that reads one row by its number. `npm install && npm start`, then in another window:
// `yichuang bench pages --beside express=127.0.0.1:3111`.
import Database from 'better-sqlite3';
import express from 'express';

const ROWS = 100_000;
const PORT = Number(process.env.PORT ?? 3111);

const database = new Database('rows.db');
database.pragma('journal_mode = wal');
database.exec('drop table if exists floor; create table floor (number integer primary key, body text not null) strict');
const insert = database.prepare('insert into floor (number, body) values (?, ?)');
database.transaction(() => {
  for (let number = 1; number <= ROWS; number += 1) insert.run(number, `row number ${number}`);
})();

const select = database.prepare('select body from floor where number = ?').pluck();
const app = express();
// Neither a digest of each answer nor a header about itself: the page is to be as light as it can be.
app.disable('etag');
app.disable('x-powered-by');
app.get('/:number', (request, response) => {
  const text = select.get(Number(request.params.number)) ?? '';
  response.type('html').send(`<!DOCTYPE html><title>${text}</title><p>${text}`);
});
app.listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`));
