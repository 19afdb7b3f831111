import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { answerRefusals, refusalOptions } from "../../../src/http/limits/refusals.js";

let server: FastifyInstance;
beforeAll(async () => {
  server = fastify({ ...refusalOptions });
  answerRefusals(server, (error) => ({ message: String(error) }));
  server.get("/half", (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-length": 1_000 });
    reply.raw.write("half of the answer");
  });
  server.get("/whole", async () => "the whole answer");
  await server.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => server.close());

/**
 * Sends a request. When the answer contains `sign`, sends text that is not HTTP. Returns everything that
 * the server sent.
 */
async function sendBroken(path: string, sign: string): Promise<string> {
  const socket = connect((server.server.address() as AddressInfo).port, "127.0.0.1");
  let received = "";
  let isBroken = false;
  socket.on("data", (bytes: Buffer) => {
    received += bytes.toString();
    if (isBroken || !received.includes(sign)) return;
    isBroken = true;
    socket.write("NO HTTP\r\n\r\n");
  });
  const closed = once(socket, "close");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  await closed;
  return received;
}

test("a request that is no HTTP never puts an answer into the middle of another answer", async () => {
  const received = await sendBroken("/half", "half of the answer");

  expect(received).toMatch(/half of the answer$/);
});

test("a request that is no HTTP is answered if the answer before it is complete", async () => {
  const received = await sendBroken("/whole", "the whole answer");

  expect(received).toMatch(/the whole answerHTTP\/1\.1 400 Bad Request\r\n/);
});
