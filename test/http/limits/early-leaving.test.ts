import { once } from "node:events";
import { type AddressInfo, type Socket, connect } from "node:net";
import type { Readable } from "node:stream";
import fastify, { type FastifyInstance } from "fastify";
import { BodyGuard } from "../../../src/http/limits/bodies.js";
import { DEADLINES } from "../../../src/http/limits/deadlines.js";
import { gate } from "../../support/blocked.js";

let server: FastifyInstance;
afterEach(() => server.close());

const HEAD = "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\n";

test.each([
  ["with a length", "Content-Length: 4\r\n\r\nab"],
  ["without a length", "Transfer-Encoding: chunked\r\n\r\n4\r\nab"],
])(
  "a body %s ends with an error if its client left before the right was verified",
  async (_name, rest) => {
    const [verifying, left, read] = [gate(), gate(), gate()];
    let outcome = "";
    server = fastify();
    new BodyGuard(DEADLINES).watch(server);
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", (_request, payload, parsed) => {
      parsed(null, payload);
    });
    server.put("/", {
      onRequest: async ({ raw }) => {
        raw.socket.once("close", left.open);
        verifying.open();
        await left.opened;
      },
      handler: async ({ body }) => {
        outcome = await (body as Readable).toArray().then(
          () => "complete",
          () => "failed",
        );
        read.open();
      },
    });
    const client = await connected(server);
    client.write(HEAD + rest);
    await verifying.opened;

    client.destroy();
    await read.opened;

    expect(outcome).toBe("failed");
  },
);

async function connected(app: FastifyInstance): Promise<Socket> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  const client = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  await once(client, "connect");
  return client;
}
