import { Client } from "pg";
import type { State } from "./state.js";
import { serverUrl } from "./urls.js";

/** Creates or corrects the two roles, and creates the database if it is missing. Safe to run again. */
export async function ensureRolesAndDatabase(state: State): Promise<void> {
  const client = new Client({
    connectionString: serverUrl(state, "postgres"),
    application_name: "fabula-launcher",
  });
  await client.connect();
  try {
    await ensureRole(client, "fabula_owner", "CREATEDB", state.ownerPassword);
    await ensureRole(client, "fabula_app", "NOCREATEDB", state.appPassword);
    const found = await client.query("SELECT FROM pg_database WHERE datname = 'fabula'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE fabula OWNER fabula_owner");
  } finally {
    await client.end();
  }
}

async function ensureRole(
  client: Client,
  name: string,
  createdb: "CREATEDB" | "NOCREATEDB",
  password: string,
): Promise<void> {
  const found = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [name]);
  const verb = found.rowCount === 0 ? "CREATE" : "ALTER";
  await client.query(
    `${verb} ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION ${createdb} ` +
      `PASSWORD ${client.escapeLiteral(password)}`,
  );
}
