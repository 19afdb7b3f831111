/*
 * The floor: a process that answers over HTTP with a row of PostgreSQL, and can do nothing else. The
 * address of the database is in DATABASE_URL.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";

const client = new pg.Client({ connectionString: process.env["DATABASE_URL"] });
await client.connect();

const server = createServer((_request, response) => {
  void client.query<{ now: Date }>("SELECT now()").then(({ rows }) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: rows[0] }));
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`The floor is ready at http://127.0.0.1:${port}/`);
});
