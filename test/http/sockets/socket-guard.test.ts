import { once } from "node:events";
import websocket from "@fastify/websocket";
import fastify, { type FastifyInstance } from "fastify";
import { SocketGuard } from "../../../src/http/sockets/socket-guard.js";

const LIMITS = { sockets: 2, frames: 10, windowMs: 50, bufferedBytes: 1_000 };

let server: FastifyInstance;
afterEach(() => server.close());

test("a socket that sends too many frames is paused, and every frame arrives", async () => {
  const guard = new SocketGuard(LIMITS);
  let frames = 0;
  const pauses: boolean[] = [];
  server = fastify();
  await server.register(websocket);
  server.get("/", { websocket: true }, (socket) => {
    guard.watch(socket, "here");
    socket.on("message", () => {
      frames += 1;
      pauses.push(socket.isPaused);
      socket.send("heard");
    });
  });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  const client = new WebSocket(url.replace("http", "ws"));
  await once(client, "open");
  let heard = 0;
  const all = Promise.withResolvers<undefined>();
  client.addEventListener("message", () => {
    heard += 1;
    if (heard === 200) all.resolve(undefined);
  });

  for (let frame = 0; frame < 199; frame += 1) client.send("frame");
  client.send("the last");
  await all.promise;

  expect(frames).toBe(200);
  expect(pauses.slice(0, LIMITS.frames)).not.toContain(true);
  expect(pauses).toContain(true);
  const closed = once(client, "close");
  client.close();
  await closed;
});
