/**
 * The floor of `npm run bench:page`: one tuned SQL statement a request, under the same row-level security,
 * behind node's own HTTP server. It trusts its client: the header `viewer` names the user.
 */
import { createServer } from "node:http";
import pg from "pg";
import { CELLS, nameOf } from "./page/cells.js";
import { pageStatement } from "./page/floor-sql.js";

const { DATABASE_URL: connectionString, PORT } = process.env;
const statements = new Map(CELLS.map((cell) => [`/${nameOf(cell)}`, pageStatement(cell)]));
const config = { connectionString, max: 10, pipeline: true };
const pool = new pg.Pool(config);

// All four messages are sent at once.
async function pageOf(path: string, viewer: string): Promise<string> {
  const statement = statements.get(path);
  if (!statement) throw new Error(`No page has the path ${path}.`);
  const client = await pool.connect();
  try {
    client.connection.stream.cork();
    const answers = Promise.all([
      client.query("BEGIN READ ONLY; SET LOCAL ROLE fabula_app"),
      client.query({ ...SET_VIEWER, values: [viewer] }),
      client.query<{ page: string }>({ ...statement, values: viewer === "" ? [] : [viewer] }),
      client.query("COMMIT"),
    ]);
    client.connection.stream.uncork();
    const [, , { rows }] = await answers;
    return rows[0]?.page ?? "";
  } finally {
    client.release();
  }
}

const SET_VIEWER = { name: "viewer", text: "SELECT set_config('app.user_id', $1, true)" };

const server = createServer((request, response) => {
  request.resume();
  const viewer = request.headers["viewer"];
  pageOf(request.url ?? "", typeof viewer === "string" ? viewer : "").then(
    (page) => response.setHeader("content-type", "application/json").end(page),
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
