import { z } from "zod";
import { InvalidInputError } from "../../../platform/errors.js";
import { type Explanation, type Refusal, mayPass, safeCode } from "../../remote/endpoint.js";

/** What a request is for. The sentences of some refusals depend on it. */
export interface Purpose {
  /** What to do if ElevenLabs does not have the voice. */
  readonly lostVoice?: string;
  /** True for a request with recordings, which ElevenLabs may refuse. */
  readonly hasRecordings?: boolean;
}

/** ElevenLabs names the reason of a refusal in `detail.status`, in newer replies also in `detail.code`. */
const refusalSchema = z.object({
  detail: z.object({ status: z.unknown().optional(), code: z.unknown().optional() }),
});

const KEY = "refused the key; check ELEVENLABS_API_KEY";
const PERMISSION =
  "says that the key lacks a permission; allow the key to read and write voices, to read models and to speak text";
const BUSY = "takes no more requests at the moment; try again in a minute";
const VOICES =
  "keeps no more voices for this account; delete voices that nobody uses, or choose a larger plan";
const PLAN = "does not allow this with the account's plan; choose a larger plan";
const MODEL = "cannot speak with this model; set ELEVENLABS_MODEL to a model that can";
const LONG = "takes no text of this length; split the segment";
const CHANGES =
  "takes no more changes of voices this month; try again next month, or choose a larger plan";

/** What happened and what to do, by ElevenLabs' name of the reason. */
const REASONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ invalid_api_key: KEY, missing_api_key: KEY, needs_authorization: KEY },
    missing_permissions: PERMISSION,
    quota_exceeded:
      "has no characters left for this account; wait for the account's next period, or choose a larger plan",
    detected_unusual_activity:
      "has blocked the free use of this account; choose a paid plan, or ask ElevenLabs",
    ...{ max_character_limit_exceeded: LONG, text_too_long: LONG },
    ...{ voice_limit_reached: VOICES, voice_add_edit_limit_reached: CHANGES },
    ...{ can_not_use_instant_voice_cloning: PLAN, paid_plan_required: PLAN },
    ...{ "only_for_creator+": PLAN, subscription_required: PLAN },
    ...{ model_not_found: MODEL, invalid_model_id: MODEL, model_can_not_do_text_to_speech: MODEL },
  }),
);
const BUSY_CODES = new Set([
  ...["too_many_concurrent_requests", "system_busy", "rate_limit_exceeded"],
  "concurrent_limit_exceeded",
]);
const LOST_CODES: ReadonlySet<string> = new Set([
  ...["voice_not_found", "voice_does_not_exist", "invalid_uid"],
]);

/**
 * Explains a refusal in Fabula's words. Does not repeat the message of ElevenLabs, because users see the
 * result, and the message may contain the key or the text.
 */
export function explainRefusal(name: string, refusal: Refusal, purpose: Purpose = {}): Explanation {
  const codes = codesIn(refusal);
  const known = codes.map((code) => REASONS.get(code)).find((reason) => reason !== undefined);
  if (known !== undefined) return refused(`${name} ${known}.`);
  if (isLostVoice(refusal))
    return refused(purpose.lostVoice ?? `${name} does not have this voice.`);
  if (refusal.status === 429 || codes.some((code) => BUSY_CODES.has(code)))
    return { message: `${name} ${BUSY}.`, retryable: true };
  return explainStatus(name, refusal, purpose);
}

function explainStatus(name: string, refusal: Refusal, purpose: Purpose): Explanation {
  const { status, sent } = refusal;
  const code = safeCode(codesIn(refusal), sent);
  const about = code === null ? "" : ` (${code})`;
  if (purpose.hasRecordings === true && (status === 400 || status === 422)) {
    const message = `${name} refused the recordings${about}; record the sentences again, one voice alone and without noise.`;
    return { ...refused(message), error: new InvalidInputError(message) };
  }
  const isKey = status === 401 || status === 403;
  const advice = isKey ? "; check ELEVENLABS_API_KEY and the account's plan" : "";
  return { message: `${name} answered ${status}${about}${advice}.`, retryable: mayPass(status) };
}

const refused = (message: string): Explanation => ({ message, retryable: false });

/** True if ElevenLabs refused a request because it does not have the voice. */
export const isLostVoice = (refusal: Refusal): boolean =>
  codesIn(refusal).some((code) => LOST_CODES.has(code));

function codesIn({ body }: Refusal): readonly string[] {
  try {
    const { detail } = refusalSchema.parse(JSON.parse(new TextDecoder().decode(body)));
    return [detail.status, detail.code].filter((code) => typeof code === "string");
  } catch {
    return [];
  }
}
