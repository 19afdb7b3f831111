import type { Location } from "./location.js";
import type { State } from "./state.js";

export type Login = "postgres" | "fabula_owner" | "fabula_server";

/** The URLs of an embedded server, and the values that development needs. */
export interface EmbeddedEndpoint {
  /**
   * Logs in as the superuser, in database `postgres`. Used for roles, templates and settings, never
   * for the app.
   */
  readonly superUrl: string;
  /** Logs in as the role that owns the database `fabula` and runs the migrations. */
  readonly ownerUrl: string;
  /**
   * Logs in as a role that owns nothing and may act as the server's roles. The server, the workers and
   * the tests use this URL.
   */
  readonly appUrl: string;
  /** The HS256 secret of development tokens: 32 bytes as hex. */
  readonly tokenSecret: string;
  /** The folder in use: the wanted folder or its fallback. */
  readonly dataDir: string;
  readonly logFile: string;
}

export function serverUrl(state: State, login: Login): string {
  const passwords: Record<Login, string> = {
    postgres: state.superPassword,
    fabula_owner: state.ownerPassword,
    fabula_server: state.appPassword,
  };
  const database = login === "postgres" ? "postgres" : "fabula";
  // The embedded server has no SSL, and a PGSSLMODE in the host's environment may demand it.
  return `postgres://${login}:${passwords[login]}@127.0.0.1:${state.port}/${database}?sslmode=disable`;
}

export function endpointOf(location: Location, state: State): EmbeddedEndpoint {
  return {
    superUrl: serverUrl(state, "postgres"),
    ownerUrl: serverUrl(state, "fabula_owner"),
    appUrl: serverUrl(state, "fabula_server"),
    tokenSecret: state.tokenSecret,
    dataDir: location.home,
    logFile: location.logFile,
  };
}
