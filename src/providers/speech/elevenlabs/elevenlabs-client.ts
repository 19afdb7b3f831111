import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import { type Clock, systemClock } from "../../../platform/clock.js";
import { type HttpRequest, jsonBody } from "../../remote/connection.js";
import { type EndpointOptions, type RetryOptions, askEndpoint } from "../../remote/endpoint.js";
import { type Purpose, explainRefusal, isLostVoice } from "./explain-refusal.js";
import {
  type VendorVoice,
  addedVoiceSchema,
  anythingSchema,
  modelsSchema,
  readReply,
  speechSchema,
  voicePageSchema,
} from "./elevenlabs-replies.js";

export interface ElevenLabsConnection {
  readonly apiKey: string;
  /** The address without a path. Default `https://api.elevenlabs.io`. */
  readonly baseUrl?: string;
  /** Timeout for one attempt to speak or to read, including the whole reply. Default 60 s. */
  readonly timeoutMs?: number;
  /** Timeout for one attempt to clone, with the upload of the recordings. Default 120 s. */
  readonly cloningTimeoutMs?: number;
  /** Timeout for the connection to the server. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** True if the host's name may resolve to an address of a private network. Default false. */
  readonly allowsPrivateHost?: boolean;
  /** The maximum number of attempts for one request. Default 4. */
  readonly maxAttempts?: number;
  /** The largest reply. Default 32 MiB, which is 8 minutes of sound. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** Waits between attempts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The text of one request, and how ElevenLabs says it. */
export interface SpokenText {
  readonly text: string;
  readonly model_id: string;
  readonly seed: number;
  readonly language_code?: string;
  readonly voice_settings: Readonly<Record<string, number | boolean>>;
}

export interface NewClone {
  readonly name: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  /** WAV files. */
  readonly files: readonly Uint8Array<ArrayBuffer>[];
}

export const NAME = "ElevenLabs";
const PAGE_SIZE = 100;
/** Ends a list of voices that never ends. The largest plans keep fewer voices. */
const MOST_PAGES = 100;

/** The requests of ElevenLabs' API that Fabula sends. */
export class ElevenLabsClient {
  private readonly endpoint: EndpointOptions;
  private readonly baseUrl: string;

  constructor(private readonly options: ElevenLabsConnection) {
    this.baseUrl = (options.baseUrl ?? "https://api.elevenlabs.io").replace(/\/+$/, "");
    this.endpoint = {
      name: NAME,
      replies: "JSON",
      timeoutMs: options.timeoutMs ?? 60_000,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      allowsPrivateHost: options.allowsPrivateHost ?? false,
      privateHostSetting: "SPEECH_ALLOW_PRIVATE",
      maxAttempts: options.maxAttempts ?? 4,
      maxBytes: options.maxBytes ?? 32 * 2 ** 20,
      clock: options.clock ?? systemClock,
      wait: options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
      explain: (refusal) => explainRefusal(NAME, refusal),
    };
  }

  get retries(): RetryOptions {
    return this.endpoint;
  }

  /** @param lostVoice the sentence for a voice that ElevenLabs does not have */
  speak<T>(
    { voice, lostVoice }: { readonly voice: string; readonly lostVoice: string },
    body: SpokenText,
    read: (reply: z.output<typeof speechSchema>) => T,
    signal: AbortSignal,
  ): Promise<T> {
    const path = `/v1/text-to-speech/${encodeURIComponent(voice)}/with-timestamps?output_format=pcm_24000`;
    const request = { ...this.request("POST", path), body: jsonBody(body) };
    const endpoint = this.explaining({ lostVoice });
    return askEndpoint(
      endpoint,
      request,
      (bytes) => read(readReply(NAME, speechSchema, bytes)),
      signal,
    );
  }

  /** Returns all voices of the account, or all voices of one category. */
  async listVoices(category: "cloned" | null, signal: AbortSignal): Promise<VendorVoice[]> {
    const voices: VendorVoice[] = [];
    let token: string | null = null;
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({ page_size: String(PAGE_SIZE) });
      if (category) query.set("category", category);
      if (token !== null) query.set("next_page_token", token);
      const found: z.output<typeof voicePageSchema> = await this.get(
        `/v2/voices?${query.toString()}`,
        voicePageSchema,
        signal,
      );
      voices.push(...found.voices);
      token = found.next_page_token ?? null;
      if (!found.has_more || token === null) break;
    }
    return voices.filter((voice) => category === null || voice.category === category);
  }

  listModels(signal: AbortSignal): Promise<z.output<typeof modelsSchema>> {
    return this.get("/v1/models", modelsSchema, signal);
  }

  /**
   * Makes a clone. Makes only one attempt, because ElevenLabs may have made the clone although the
   * attempt failed.
   */
  addVoice(
    { files, ...about }: NewClone,
    signal: AbortSignal,
  ): Promise<z.output<typeof addedVoiceSchema>> {
    return this.post(formOf(about, files), signal);
  }

  private async post(form: FormData, signal: AbortSignal) {
    const encoded = new Response(form);
    const contentType = encoded.headers.get("content-type") ?? "multipart/form-data";
    const content = new Uint8Array(await encoded.arrayBuffer());
    const endpoint = {
      ...this.explaining({ hasRecordings: true }),
      ...{ maxAttempts: 1, timeoutMs: this.options.cloningTimeoutMs ?? 120_000 },
    };
    return askEndpoint(
      endpoint,
      { ...this.request("POST", "/v1/voices/add"), body: { content, contentType } },
      (bytes) => readReply(NAME, addedVoiceSchema, bytes),
      signal,
    );
  }

  /** Deletes a voice. Succeeds if ElevenLabs does not have the voice. */
  async deleteVoice(voice: string, signal: AbortSignal): Promise<void> {
    const answer = { isLost: false };
    const endpoint: EndpointOptions = {
      ...this.endpoint,
      explain: (refusal) => {
        answer.isLost = isLostVoice(refusal);
        return explainRefusal(NAME, refusal);
      },
    };
    const request = this.request("DELETE", `/v1/voices/${encodeURIComponent(voice)}`);
    try {
      await askEndpoint(
        endpoint,
        request,
        (bytes) => readReply(NAME, anythingSchema, bytes),
        signal,
      );
    } catch (error) {
      if (!answer.isLost) throw error;
    }
  }

  private get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    return askEndpoint(
      this.endpoint,
      this.request("GET", path),
      (bytes) => readReply(NAME, schema, bytes),
      signal,
    );
  }

  private explaining(purpose: Purpose): EndpointOptions {
    return { ...this.endpoint, explain: (refusal) => explainRefusal(NAME, refusal, purpose) };
  }

  private request(method: HttpRequest["method"], path: string): HttpRequest {
    return { method, url: this.baseUrl + path, headers: { "xi-api-key": this.options.apiKey } };
  }
}

function formOf(
  { name, description, labels }: Omit<NewClone, "files">,
  files: readonly Uint8Array<ArrayBuffer>[],
): FormData {
  const form = new FormData();
  form.set("name", name);
  form.set("description", description);
  form.set("labels", JSON.stringify(labels));
  form.set("remove_background_noise", "false");
  for (const [index, file] of files.entries())
    form.append("files", new Blob([file], { type: "audio/wav" }), `recording-${index + 1}.wav`);
  return form;
}
