import { z } from "zod";
import { ProviderError } from "../../../platform/errors.js";

const lenient = <T extends z.ZodType>(type: T) => type.nullish().catch(null);

const voiceSchema = z.object({
  voice_id: z.string(),
  name: lenient(z.string()),
  category: lenient(z.string()),
  description: lenient(z.string()),
  labels: lenient(z.record(z.string(), z.string())),
  is_owner: lenient(z.boolean()),
  created_at_unix: lenient(z.number()),
  voice_verification: lenient(
    z.object({ requires_verification: z.boolean(), is_verified: z.boolean() }),
  ),
});
/** A voice of the account, as ElevenLabs describes the voice. */
export type VendorVoice = z.output<typeof voiceSchema>;

export const voicePageSchema = z.object({
  voices: z.array(voiceSchema),
  has_more: z.boolean(),
  next_page_token: z.string().nullish(),
});

export const addedVoiceSchema = z.object({
  voice_id: z.string().min(1),
  requires_verification: z.boolean().nullish(),
});

export const modelsSchema = z.array(
  z.object({
    model_id: z.string(),
    can_do_text_to_speech: lenient(z.boolean()),
    languages: lenient(z.array(z.object({ language_id: z.string() }))),
  }),
);

const alignmentSchema = z.object({
  characters: z.array(z.string()),
  character_start_times_seconds: z.array(z.number()),
  character_end_times_seconds: z.array(z.number()),
});
/** The times of the characters of a text. The three lists have the same length. */
export type Alignment = z.output<typeof alignmentSchema>;

export const speechSchema = z.object({
  audio_base64: z.string(),
  alignment: lenient(alignmentSchema),
});

export const anythingSchema = z.unknown();

/**
 * Reads a reply.
 * @throws ProviderError, retryable for a reply that is not JSON, because servers answer so in an outage.
 *   Not retryable for a reply of another form, because each attempt may cost money.
 */
export function readReply<T>(name: string, schema: z.ZodType<T>, bytes: Uint8Array): T {
  const result = schema.safeParse(parseJson(name, bytes));
  if (result.success) return result.data;
  const message = `${name} answered in a form that Fabula does not know.`;
  throw new ProviderError(message, false, { cause: result.error });
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ProviderError(`${name} answered with something other than JSON.`, true, { cause });
  }
}
