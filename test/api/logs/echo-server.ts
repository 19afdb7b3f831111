import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** A server that repeats each request in its refusals, with its key and its text. */
export interface EchoServer {
  readonly url: string;
  close(): Promise<void>;
}

type Refuse = (response: ServerResponse, said: string, echo: string) => void;

const json = (value: unknown): string => JSON.stringify(value);

const PCM_FORMAT = "\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0";

/** Returns a WAV file. Its format and its data are any bytes. */
const wavOf = (format: string, data: string): Buffer =>
  Buffer.from(`RIFF0000WAVEfmt \x10\0\0\0${format}data${data}`, "latin1");

/** The refusals of speech, by a word in the text to speak. */
const REFUSALS: Readonly<Record<string, Refuse>> = {
  denied: (response, _said, echo) => response.writeHead(401).end(json({ error: { code: echo } })),
  broken: (response, _said, echo) => response.writeHead(500).end(echo),
  coded: (response, said) =>
    response.writeHead(400).end(json({ error: { code: said.replace(/[^a-z]+/gi, "_") } })),
  typed: (response, said, echo) => {
    const type = `text/${said.replace(/[^a-z\d]+/gi, "-")}`;
    response.writeHead(200, { "content-type": type }).end(echo);
  },
  noisy: (response, said) => response.end(wavOf(said.padEnd(16).slice(0, 16), "\x04\0\0\0ABCD")),
  cut: (response, said) => response.end(wavOf(PCM_FORMAT, said)),
  moved: (response, said, echo) =>
    response.writeHead(302, { location: `http://127.0.0.1/${encodeURIComponent(said)}` }).end(echo),
  gone: (response) => response.destroy(),
};

export const REFUSED_TEXTS: readonly string[] = [...Object.keys(REFUSALS), "refused"];

export async function echoServer(): Promise<EchoServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "", headers } = request;
  const body = await text(request);
  const echo = json([url, headers, body]);
  response.statusMessage = echo.replace(/[^ -~]/g, "").slice(0, 500);
  response.setHeader("x-echo", response.statusMessage);
  if (url.includes("/audio/speech")) refuseSpeech(response, body, echo);
  else refuseObject(response, url, echo);
}

const spokenSchema = z.object({ input: z.string() });

function refuseSpeech(response: ServerResponse, body: string, echo: string): void {
  const { input } = spokenSchema.parse(JSON.parse(body));
  const refuse = Object.entries(REFUSALS).find(([word]) => input.includes(word))?.[1];
  if (refuse) refuse(response, input, echo);
  else response.writeHead(400).end(json({ error: { message: echo, code: echo, type: input } }));
}

/** Refuses an object. The first letter of the object's hash decides how. */
function refuseObject(response: ServerResponse, url: string, echo: string): void {
  const [, letter = ""] = /\/([\da-f])[\da-f]{63}/.exec(url) ?? [];
  if (/[c-f]/.test(letter)) response.destroy();
  else if (/[89ab]/.test(letter)) response.writeHead(500).end(`<Error>${echo}</Error>`);
  else response.writeHead(403).end(`<Error>${echo}</Error>`);
}
