import { Client } from "pg";
import type { State } from "./state.js";
import { serverUrl } from "./urls.js";

const SERVER_ROLES = ["fabula_app", "fabula_worker", "fabula_queue"] as const;

/** Creates or corrects the roles, and creates the database if it is missing. Safe to run again. */
export async function ensureRolesAndDatabase(state: State): Promise<void> {
  const client = new Client({
    connectionString: serverUrl(state, "postgres"),
    application_name: "fabula-launcher",
  });
  await client.connect();
  try {
    await ensureRole(client, "fabula_owner", `CREATEDB ${loginOf(client, state.ownerPassword)}`);
    await ensureRole(client, "fabula_server", loginOf(client, state.appPassword));
    for (const role of SERVER_ROLES) {
      await ensureRole(client, role, "NOLOGIN PASSWORD NULL");
      // The command line reads with the rights of the app. Transactions set their role themselves.
      const inherits = role === "fabula_app";
      await client.query(`GRANT ${role} TO fabula_server WITH INHERIT ${inherits}, SET TRUE`);
    }
    await client.query("GRANT fabula_app TO fabula_worker");
    const found = await client.query("SELECT FROM pg_database WHERE datname = 'fabula'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE fabula OWNER fabula_owner");
  } finally {
    await client.end();
  }
}

const loginOf = (client: Client, password: string): string =>
  `LOGIN PASSWORD ${client.escapeLiteral(password)}`;

async function ensureRole(client: Client, name: string, attributes: string): Promise<void> {
  const found = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  const verb = found.rowCount === 0 ? "CREATE" : "ALTER";
  await client.query(
    `${verb} ROLE ${name} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION ${attributes}`,
  );
}
