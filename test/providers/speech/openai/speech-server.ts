import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { encodeWav } from "../../../../src/audio/signal/wav.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import { PLAIN } from "../contract.js";

const requestSchema = z.object({
  model: z.string(),
  voice: z.string(),
  input: z.string(),
  response_format: z.enum(["wav", "pcm"]),
  speed: z.number(),
  instructions: z.string().optional(),
});
export type SpeechServerRequest = z.infer<typeof requestSchema>;

/** Answers one request with a fault instead of speech. */
export type Mishap = (response: ServerResponse, wav: Uint8Array) => void;

export interface SpeechServer {
  readonly baseUrl: string;
  readonly requests: SpeechServerRequest[];
  /** The mishaps of the next requests, in order. After the last mishap, requests get speech again. */
  readonly mishaps: Mishap[];
  /** Voices that the server does not know. */
  readonly unknownVoices: Set<string>;
  close(): Promise<void>;
}

/** A server with OpenAI's speech endpoint that speaks with flite. */
export async function startSpeechServer(): Promise<SpeechServer> {
  const requests: SpeechServerRequest[] = [];
  const mishaps: Mishap[] = [];
  const unknownVoices = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== "Bearer secret") {
      // The real endpoint also repeats the key in its message.
      const message = `Incorrect API key provided: ${request.headers.authorization}.`;
      const error = { message, type: "invalid_request_error", code: "invalid_api_key" };
      response.writeHead(401).end(JSON.stringify({ error }));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const asked = requestSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
    requests.push(asked);
    if (unknownVoices.has(asked.voice)) {
      response.writeHead(400).end(JSON.stringify({ error: { message: "Unknown voice." } }));
      return;
    }
    const mishap = mishaps.shift();
    const wav = await spoken(asked);
    if (mishap) mishap(response, wav);
    else response.writeHead(200, { "content-type": "audio/wav" }).end(wav);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    mishaps,
    unknownVoices,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const engine = fliteSpeech(speak);
const said = new Map<string, Promise<Uint8Array>>();

function spoken(asked: SpeechServerRequest): Promise<Uint8Array> {
  const key = `${asked.speed} ${asked.input}`;
  const wav = said.get(key) ?? speakNow(asked);
  said.set(key, wav);
  return wav;
}

async function speakNow({ input, speed }: SpeechServerRequest): Promise<Uint8Array> {
  const prosody = { ...PLAIN, rate: speed };
  const request = { text: input, language: "en", voice: "flite:kal16", prosody };
  return encodeWav(await engine.synthesize(request, new AbortController().signal));
}
