import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { levelDb } from "../../../../src/audio/signal/silence.js";
import { parseWav } from "../../../../src/audio/signal/wav-reader.js";
import { type Form, readForm } from "./form-reader.js";
import { speakCharacters } from "./spoken-characters.js";

const speechSchema = z.object({
  text: z.string(),
  model_id: z.string().default("eleven_multilingual_v2"),
  seed: z.number().int().min(0).max(0xffffffff).optional(),
  language_code: z.string().optional(),
  voice_settings: z
    .object({ speed: z.number().min(0.7).max(1.2).default(1) })
    .loose()
    .default({ speed: 1 }),
});

export interface ServerVoice {
  readonly voice_id: string;
  readonly name: string;
  readonly category: "premade" | "cloned" | "professional" | "generated";
  readonly description: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly is_owner: boolean;
  readonly created_at_unix: number;
  readonly voice_verification?: { requires_verification: boolean; is_verified: boolean };
}

/** A request that the server received. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  /** The parsed JSON, or the fields of a form. */
  readonly body: unknown;
}

/**
 * Handles one request instead of the server. `work` does the server's work, for example makes a clone, and
 * returns a function that sends the answer.
 */
export type Mishap = (response: ServerResponse, work: () => Promise<() => void>) => unknown;

/** The limits of the account. Tests change them. */
export interface Limits {
  characters: number;
  voices: number;
  concurrent: number;
  requiresVerification: boolean;
}

const MODELS = [
  {
    model_id: "eleven_multilingual_v2",
    can_do_text_to_speech: true,
    languages: [
      { language_id: "en", name: "English" },
      { language_id: "de", name: "German" },
    ],
  },
  {
    model_id: "eleven_new",
    can_do_text_to_speech: true,
    languages: [{ language_id: "en", name: "English" }],
  },
  { model_id: "eleven_english_sts_v2", can_do_text_to_speech: false, languages: [] },
];

const MOST_CHARACTERS = 10_000;
const KEY = "secret";

const premade = (name: string, labels: Readonly<Record<string, string>>): ServerVoice => ({
  ...{ voice_id: idOf(name), name, category: "premade", labels },
  ...{ description: null, is_owner: false, created_at_unix: 1_700_000_000 },
});

/** Vendor ids have 20 letters and digits. */
const idOf = (name: string): string =>
  createHash("sha256")
    .update(name)
    .digest("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 20);

export const PREMADE = [
  premade("Sarah", { gender: "female", age: "young" }),
  premade("George", { gender: "male", age: "middle_aged" }),
  premade("Bill", { gender: "male", age: "old" }),
  premade("River", { gender: "neutral", age: "middle_aged" }),
];

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message = "The server's own words.",
  ) {
    super(message);
  }
}

/** A server with the part of ElevenLabs' API that Fabula uses, made from the public description. */
export class ElevenLabsServer {
  readonly requests: ServerRequest[] = [];
  /** The mishaps of the next requests to a path that begins like the key, for example `POST /v1/voices`. */
  readonly mishaps = new Map<string, Mishap[]>();
  readonly voices: ServerVoice[] = [...PREMADE];
  readonly limits: Limits = {
    ...{ characters: 1_000_000, voices: 30, concurrent: 5 },
    requiresVerification: false,
  };
  private speaking = 0;
  private added = 0;
  private readonly server = createServer((request, response) => {
    this.handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  /** Starts a server on a port of its own. */
  static async start(): Promise<ElevenLabsServer> {
    const made = new ElevenLabsServer();
    made.server.listen(0, "127.0.0.1");
    await once(made.server, "listening");
    return made;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get clones(): readonly ServerVoice[] {
    return this.voices.filter(({ category }) => category === "cloned");
  }

  /** The requests with this method to a path that begins so. */
  asked(method: string, path: string): readonly ServerRequest[] {
    return this.requests.filter((one) => one.method === method && one.path.startsWith(path));
  }

  mishap(route: string, ...next: readonly Mishap[]): void {
    this.mishaps.set(route, [...(this.mishaps.get(route) ?? []), ...next]);
  }

  /** Forgets requests, mishaps, clones and changed limits. */
  reset(): void {
    this.requests.length = 0;
    this.mishaps.clear();
    this.voices.splice(0, this.voices.length, ...PREMADE);
    Object.assign(this.limits, { characters: 1_000_000, voices: 30, concurrent: 5 });
    this.limits.requiresVerification = false;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", headers } = request;
    const url = new URL(request.url ?? "/", "http://vendor");
    const bytes = await bytesOf(request);
    const body = bodyOf(bytes, headers["content-type"] ?? "");
    this.requests.push({ method, path: url.pathname, body });
    const work = async (): Promise<() => void> => {
      const reply = await this.reply({ method, url, body, key: headers["xi-api-key"] });
      return () => {
        response
          .writeHead(reply.status, { "content-type": "application/json" })
          .end(JSON.stringify(reply.content));
      };
    };
    const route = `${method} ${url.pathname}`;
    const next = [...this.mishaps].find(
      ([begin, left]) => left.length > 0 && route.startsWith(begin),
    );
    const mishap = next?.[1].shift();
    if (mishap) await mishap(response, work);
    else (await work())();
  }

  private async reply(
    asked: Asked,
  ): Promise<{ readonly status: number; readonly content: unknown }> {
    try {
      // The real server also repeats a part of the key in its message.
      if (asked.key !== KEY)
        throw new Refused(401, "invalid_api_key", `Invalid key ${String(asked.key)}.`);
      return { status: 200, content: await this.route(asked) };
    } catch (error) {
      if (error instanceof z.ZodError)
        return { status: 422, content: { detail: [{ loc: ["body"], msg: error.message }] } };
      if (!(error instanceof Refused)) throw error;
      const detail = { status: error.code, message: error.message };
      return { status: error.status, content: { detail } };
    }
  }

  private route({ method, url, body }: Asked): unknown {
    const [, version, area = "", id = "", verb] = url.pathname.split("/");
    const route = `${method} ${version}/${area}`;
    if (route === "GET v2/voices") return this.page(url.searchParams);
    if (route === "POST v1/voices" && id === "add") return this.add(body as Form);
    if (route === "DELETE v1/voices") return this.remove(id);
    if (route === "GET v1/models") return MODELS;
    if (route === "POST v1/text-to-speech" && verb === "with-timestamps")
      return this.speak(id, speechSchema.parse(body), url.searchParams);
    throw new Refused(404, "not_found");
  }

  private page(query: URLSearchParams): object {
    const size = z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .parse(query.get("page_size") ?? 10);
    const category = query.get("category");
    const from = Number(query.get("next_page_token") ?? 0);
    const found = this.voices.filter((voice) => category === null || voice.category === category);
    const end = from + size;
    const hasMore = end < found.length;
    return {
      voices: found.slice(from, end),
      has_more: hasMore,
      total_count: found.length,
      next_page_token: hasMore ? String(end) : null,
    };
  }

  private add({ fields, files }: Form): object {
    if (this.clones.length >= this.limits.voices) throw new Refused(400, "voice_limit_reached");
    const field = (name: string) => z.string().min(1).parse(fields.get(name));
    if (files.length === 0) throw new Refused(400, "no_files");
    const hashes = files.map((file) => createHash("sha256").update(file).digest("hex"));
    if (new Set(hashes).size < hashes.length) throw new Refused(400, "duplicate_files");
    for (const file of files) requirePlayable(file);
    this.added += 1;
    const { requiresVerification } = this.limits;
    const voice: ServerVoice = {
      voice_id: idOf(`clone ${this.added} of ${hashes.join()}`),
      ...{ name: field("name"), description: field("description"), category: "cloned" },
      labels: z.record(z.string(), z.string()).parse(JSON.parse(field("labels"))),
      ...{ is_owner: true, created_at_unix: 1_750_000_000 + this.added },
      voice_verification: { requires_verification: requiresVerification, is_verified: false },
    };
    this.voices.push(voice);
    return { voice_id: voice.voice_id, requires_verification: requiresVerification };
  }

  private remove(id: string): object {
    const index = this.voices.findIndex(({ voice_id }) => voice_id === id);
    if (index < 0) throw new Refused(400, "voice_does_not_exist");
    this.voices.splice(index, 1);
    return { status: "ok" };
  }

  private async speak(
    id: string,
    { text, model_id: model, voice_settings: settings }: z.output<typeof speechSchema>,
    query: URLSearchParams,
  ): Promise<unknown> {
    if (query.get("output_format") !== "pcm_24000") throw new Refused(400, "invalid_output_format");
    if (!MODELS.some(({ model_id, can_do_text_to_speech: can }) => can && model_id === model))
      throw new Refused(400, "model_not_found");
    const index = this.voices.findIndex(({ voice_id }) => voice_id === id);
    if (index < 0) throw new Refused(404, "voice_not_found");
    if (text.length > MOST_CHARACTERS) throw new Refused(400, "max_character_limit_exceeded");
    if (text.length > this.limits.characters) throw new Refused(401, "quota_exceeded");
    if (this.speaking >= this.limits.concurrent)
      throw new Refused(429, "too_many_concurrent_requests");
    this.limits.characters -= text.length;
    this.speaking += 1;
    try {
      const voices = ["flite:slt", "flite:awb", "flite:kal16", "flite:rms"];
      const voice = voices[index % voices.length] ?? "flite:slt";
      return await speakCharacters({ text, voice, speed: settings.speed });
    } finally {
      this.speaking -= 1;
    }
  }
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly key: string | readonly string[] | undefined;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function bodyOf(bytes: Buffer, contentType: string): unknown {
  if (contentType.startsWith("multipart/form-data")) return readForm(bytes, contentType);
  return contentType === "application/json" ? JSON.parse(bytes.toString()) : null;
}

/** @throws Refused if a recording cannot be played, or is silent */
function requirePlayable(file: Uint8Array): void {
  const levelOf = () => {
    try {
      return levelDb(parseWav(file).pcm);
    } catch {
      throw new Refused(400, "invalid_content", "File upload is corrupted.");
    }
  };
  if (levelOf() < -70) throw new Refused(400, "invalid_content", "The file is silent.");
}
