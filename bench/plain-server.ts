/**
 * The floor of the benches: hand-written SQL statements as the role ROLE, behind node's own HTTP server.
 * STATEMENTS is a JSON object of statements by path. The server trusts its client: the header `viewer` names the
 * user, who is $1 of the statement.
 */
import { createServer } from "node:http";
import pg from "pg";
import type { PlainStatement } from "./page/plain.js";

const { DATABASE_URL: connectionString, PORT, ROLE = "", STATEMENTS = "{}" } = process.env;
const statements = new Map(
  Object.entries(JSON.parse(STATEMENTS) as Record<string, PlainStatement>),
);
const config = { connectionString, max: 10, pipeline: true };
const pool = new pg.Pool(config);

// All four messages are sent at once.
async function answerOf(path: string, viewer: string): Promise<string> {
  const statement = statements.get(path);
  if (!statement) throw new Error(`No statement has the path ${path}.`);
  const client = await pool.connect();
  try {
    client.connection.stream.cork();
    const answers = Promise.all([
      client.query(`BEGIN READ ONLY; SET LOCAL ROLE ${ROLE}`),
      client.query({ ...SET_VIEWER, values: [viewer] }),
      client.query<{ page?: string }>({ ...statement, values: viewer === "" ? [] : [viewer] }),
      client.query("COMMIT"),
    ]);
    client.connection.stream.uncork();
    const [, , { rows }] = await answers;
    return rows[0]?.page ?? JSON.stringify(rows);
  } finally {
    client.release();
  }
}

const SET_VIEWER = { name: "viewer", text: "SELECT set_config('app.user_id', $1, true)" };

const server = createServer((request, response) => {
  request.resume();
  const viewer = request.headers["viewer"];
  answerOf(request.url ?? "", typeof viewer === "string" ? viewer : "").then(
    (answer) => response.setHeader("content-type", "application/json").end(answer),
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(Number(PORT), "127.0.0.1");
process.once("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  void pool.end();
});
