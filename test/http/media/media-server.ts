import { type IncomingHttpHeaders, type RequestOptions, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import cors from "@fastify/cors";
import fastify, { type FastifyInstance } from "fastify";
import { type MediaRouteOptions, mediaRoutes } from "../../../src/http/media/media.route.js";
import { createMediaSigner } from "../../../src/http/media/signer.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";

const SECRET = "a secret of at least thirty-two characters";

export interface MediaAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that listens and serves signed media. Tests change its clock. */
export class MediaServer {
  now = new Date("2030-01-01T10:20:30.400Z");
  readonly signer = createMediaSigner({ secret: SECRET, clock: { now: () => this.now } });
  private readonly disconnected = Promise.withResolvers<undefined>();
  private readonly server: FastifyInstance = fastify();

  /** Adds CORS for every route, like src/http/server.ts. */
  async withCors(allowed: string): Promise<this> {
    await this.server.register(cors, {
      origin: (origin, allow) => {
        allow(null, origin === undefined || origin === allowed);
      },
    });
    return this;
  }

  async start(
    storage: BlobStorage,
    isAllowedOrigin?: MediaRouteOptions["isAllowedOrigin"],
  ): Promise<this> {
    await this.server.register(mediaRoutes, { storage, signer: this.signer, isAllowedOrigin });
    this.server.server.on("request", (_request, response) => {
      response.on("close", () => this.disconnected.resolve(undefined));
    });
    await this.server.listen({ host: "127.0.0.1", port: 0 });
    return this;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  /** Sends `path` unchanged. fetch would normalize the path first. */
  ask(path: string, options: RequestOptions = {}): Promise<MediaAnswer> {
    const answered = Promise.withResolvers<MediaAnswer>();
    const sent = request({ host: "127.0.0.1", port: this.port, agent: false, ...options, path });
    sent.on("error", answered.reject);
    sent.on("response", (response) => {
      buffer(response).then(
        (body) =>
          answered.resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        answered.reject,
      );
    });
    sent.end();
    return answered.promise;
  }

  /** Resolves when the server notices that a client has left. */
  async nextDisconnect(): Promise<void> {
    await this.disconnected.promise;
  }

  async stop(): Promise<void> {
    this.server.server.closeAllConnections();
    await this.server.close();
  }
}

export const messageOf = ({ body }: MediaAnswer): unknown => JSON.parse(body.toString());
