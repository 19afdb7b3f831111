export {
  connectEmbeddedPostgres,
  readEmbeddedEndpoint,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from "./launcher.js";
