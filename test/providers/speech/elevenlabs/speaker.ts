import type { ElevenLabsOptions } from "../../../../src/providers/speech/elevenlabs/elevenlabs-account.js";
import { elevenLabsSpeech } from "../../../../src/providers/speech/elevenlabs/elevenlabs-speech.js";
import type { Speech, SpeechRequest } from "../../../../src/providers/speech/speech.port.js";
import { PLAIN } from "../contract.js";
import { ElevenLabsServer, type Mishap, PREMADE } from "./elevenlabs-server.js";
import { accountOf } from "./target.js";

export const SPEAK = "POST /v1/text-to-speech";
export const voice = `elevenlabs:${PREMADE[0]?.voice_id ?? ""}`;

/** Says short texts with a voice of a local server, and records how long the provider waits. */
export class Speaker {
  readonly waits: number[] = [];

  private constructor(readonly server: ElevenLabsServer) {}

  static async start(): Promise<Speaker> {
    return new Speaker(await ElevenLabsServer.start());
  }

  async say(
    request: Partial<SpeechRequest> = {},
    options: Partial<ElevenLabsOptions> = {},
  ): Promise<Speech> {
    const { signal } = new AbortController();
    const account = accountOf(this.server, {
      clock: { now: () => new Date("2026-01-01T00:00:00Z") },
      wait: (ms) => {
        this.waits.push(ms);
        return Promise.resolve();
      },
      ...options,
    });
    // The list of voices needs a right key, and a server that answers.
    const listed = accountOf(this.server);
    await listed.refresh(signal);
    account.listVoices = () => listed.listVoices();
    return elevenLabsSpeech(account).synthesize(
      { text: "Hello there.", language: "en", voice, prosody: PLAIN, ...request },
      signal,
    );
  }

  /** Returns the error of `say`, or null. */
  failure(
    request: Partial<SpeechRequest> = {},
    options: Partial<ElevenLabsOptions> = {},
  ): Promise<unknown> {
    return this.say(request, options).then(
      () => null,
      (error: unknown) => error,
    );
  }

  reset(): void {
    this.server.reset();
    this.waits.length = 0;
  }
}

export const refuse =
  (status: number, detail: unknown, headers: Readonly<Record<string, string>> = {}): Mishap =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ detail }));

/** The real vendor may repeat the key and the text in its message. */
export const refuseAs = (status: number, code: string, headers = {}): Mishap =>
  refuse(status, { status: code, message: "The vendor's words with the key secret." }, headers);

export const reply =
  (content: object): Mishap =>
  (response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(content));
