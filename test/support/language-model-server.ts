import { once } from "node:events";
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
} from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const requestSchema = z.strictObject({
  model: z.string(),
  messages: z.array(
    z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() }),
  ),
  response_format: z
    .union([
      z.strictObject({ type: z.literal("json_object") }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          name: z.string(),
          strict: z.literal(true),
          schema: z.record(z.string(), z.unknown()),
        }),
      }),
    ])
    .optional(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  temperature: z.number().optional(),
  stream: z.literal(false),
});

export interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: z.output<typeof requestSchema>;
}

/** What the server answers. Without a body, the server closes the connection. */
export interface PlayedReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. Anything else is sent as JSON. */
  readonly body?: unknown;
}

/**
 * Plays a model. A slow model returns a promise.
 * @param count the number of the request, from 0
 */
export type Play = (request: RecordedRequest, count: number) => PlayedReply | Promise<PlayedReply>;

export interface LanguageModelServer {
  /** The URL up to and including the version. */
  readonly url: string;
  /** The requests in the order in which they came. */
  readonly requests: readonly RecordedRequest[];
  /** Empties `requests`, so that the next request has the number 0 again. */
  forget(): void;
  close(): Promise<void>;
}

/** Starts a local server with OpenAI's `POST /chat/completions`. `play` decides what it answers. */
export async function languageModelServer(play: Play): Promise<LanguageModelServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(599).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
    const recorded = { path: request.url ?? "", headers: request.headers, body };
    const count = requests.push(recorded) - 1;
    const played = await play(recorded, count);
    if (played.body === undefined) {
      response.destroy();
      return;
    }
    const text = typeof played.body === "string" ? played.body : JSON.stringify(played.body);
    const headers = { "content-type": "application/json", ...played.headers };
    response.writeHead(played.status ?? 200, headers).end(text);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    forget: () => {
      requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export interface SaidOptions {
  /** Default `stop`. */
  readonly finishReason?: string;
  /** Null if the server does not report the tokens. */
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly completion_tokens_details?: object;
  } | null;
  /** Further members of the message, for example `refusal`. */
  readonly message?: object;
}

/** A completion. Anything but a text is said as JSON. */
export function says(
  said: unknown,
  { finishReason = "stop", usage, message }: SaidOptions = {},
): PlayedReply {
  const content = typeof said === "string" ? said : JSON.stringify(said);
  return {
    body: {
      ...{ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "played" },
      choices: [
        {
          index: 0,
          message: { role: "assistant", content, ...message },
          finish_reason: finishReason,
        },
      ],
      ...(usage === null
        ? {}
        : { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, ...usage } }),
    },
  };
}

/** An error in OpenAI's form. */
export const refuses = (
  status: number,
  error: object | string = { message: "Try later.", type: "server_error", param: null, code: null },
  headers: Readonly<Record<string, string>> = {},
): PlayedReply => ({ status, headers, body: { error } });
