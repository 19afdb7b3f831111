// PostGraphile 5 on the same database, with the same rights: the role fabula_app and the viewer in app.user_id,
// so the same row-level security. It trusts its client: the header `viewer` names the user.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { DATABASE_URL: connectionString, SUPERUSER_URL, PORT } = process.env;

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString,
      superuserConnectionString: SUPERUSER_URL,
      schemas: ["reference", "instances"],
      poolConfig: { max: 10 },
    }),
  ],
  grafast: {
    context: (request) => ({
      pgSettings: {
        role: "fabula_app",
        "app.user_id": request.node?.req.headers.viewer ?? "",
      },
    }),
  },
  grafserv: { graphiql: false, watch: false },
  // Also lists without an index for their foreign key alone: row-level security adds the viewer, whose column comes
  // first in the index.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(PORT), "127.0.0.1");
