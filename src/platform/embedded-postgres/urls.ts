import type { Location } from "./location.js";
import type { State } from "./state.js";

export type Role = "postgres" | "fabula_owner" | "fabula_app";

/** Where a server of ours is reached, and what development needs besides. */
export interface EmbeddedEndpoint {
  /** The superuser, in database `postgres`: for roles, templates and settings, never for the app. */
  readonly superUrl: string;
  /** Owns the database `fabula` and runs the migrations. */
  readonly ownerUrl: string;
  /** Owns nothing: the server, the workers and the tests. */
  readonly appUrl: string;
  /** HS256 secret of development tokens: 32 bytes as hex. */
  readonly tokenSecret: string;
  /** The folder in use: the wanted one or its fallback. */
  readonly dataDir: string;
  readonly logFile: string;
}

export function serverUrl(state: State, role: Role): string {
  const passwords: Record<Role, string> = {
    postgres: state.superPassword,
    fabula_owner: state.ownerPassword,
    fabula_app: state.appPassword,
  };
  const database = role === "postgres" ? "postgres" : "fabula";
  // Said here, because a PGSSLMODE in the host's environment would demand what it does not speak.
  return `postgres://${role}:${passwords[role]}@127.0.0.1:${state.port}/${database}?sslmode=disable`;
}

export function endpointOf(location: Location, state: State): EmbeddedEndpoint {
  return {
    superUrl: serverUrl(state, "postgres"),
    ownerUrl: serverUrl(state, "fabula_owner"),
    appUrl: serverUrl(state, "fabula_app"),
    tokenSecret: state.tokenSecret,
    dataDir: location.home,
    logFile: location.logFile,
  };
}
