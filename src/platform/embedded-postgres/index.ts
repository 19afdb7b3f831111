export {
  connectEmbeddedPostgres,
  readEmbeddedEndpoint,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from "./launcher.js";
export type { EmbeddedEndpoint } from "./urls.js";
