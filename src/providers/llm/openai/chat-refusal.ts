import { z } from "zod";
import { ProviderError } from "../../../platform/errors.js";
import type { Explanation, Refusal } from "../../remote/endpoint.js";
import { explainRefusal } from "../../remote/openai-refusal.js";
import { ContextOverflowError, NO_USAGE, UnusableAnswerError } from "../llm.port.js";
import { isAboutForm } from "./chat-forms.js";

/** The server refused a request that it may accept in another form. Never leaves the adapter. */
export class RefusedFormError extends ProviderError {
  constructor(
    message: string,
    /** What the server says about the refused part. May contain the key or the story. */
    readonly error: string,
  ) {
    super(message, false);
  }
}

/**
 * The sentences and codes of OpenAI, vLLM, llama.cpp, Ollama, TGI and others for a prompt that is
 * too long.
 */
const OVERFLOW =
  /context_length_exceeded|exceed_context_size|context_window_exceeded|maximum context length|available context size|context (length|window|size)[^.]{0,40}exceed|exceed[^.]{0,60}context (length|window|size)|longer than the context|(prompt|input) is too long|reduce the length of the messages|inputs`? tokens \+/i;

/** The statuses with which servers refuse a parameter that they do not know. */
const REFUSED_FORM: ReadonlySet<number> = new Set([400, 404, 415, 422, 501]);

/** The codes of vendors that refuse a prompt because of its content, for example a story with a murder. */
const FILTERED = /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/;

const LOST_MODEL =
  /model_not_found|model\b.{0,200}\b(not found|(does|do) not exist|not loaded|no such model)/is;

/** Explains a refusal. Never repeats the server's message, because users see the result. */
export function explainChatRefusal(name: string, refusal: Refusal): Explanation {
  const { status, body } = refusal;
  const error = new TextDecoder().decode(body);
  const { message, retryable } = explainRefusal(name, refusal);
  const typed = typedRefusal(name, status, error);
  if (typed) return { message: typed.message, retryable: false, error: typed };
  if (status === 404 && LOST_MODEL.test(error))
    return { message: `${message} Check LLM_MODEL.`, retryable: false };
  const about = subjectOf(error);
  if (!REFUSED_FORM.has(status) && !(status === 500 && isAboutForm(about)))
    return { message, retryable };
  const advised = status === 404 ? `${message} Check LLM_URL and LLM_MODEL.` : message;
  return { message: advised, retryable: false, error: new RefusedFormError(advised, about) };
}

/** Returns the error of a refusal after which the port's users go on. */
function typedRefusal(name: string, status: number, error: string): ProviderError | null {
  if (status === 413 || (status !== 429 && OVERFLOW.test(error)))
    return new ContextOverflowError(
      `${name} takes no request of this length; lower LLM_CONTEXT_TOKENS.`,
    );
  if (status === 400 && FILTERED.test(codesIn(error)))
    return new UnusableAnswerError(`${name} refused to answer.`, NO_USAGE);
  return null;
}

const codedSchema = z.object({
  error: z.looseObject({
    code: z.unknown(),
    type: z.unknown(),
    innererror: z.object({ code: z.unknown() }).optional().catch(undefined),
  }),
});

/** Returns the codes of an error. Its message may repeat the story. */
function codesIn(error: string): string {
  try {
    const { code, type, innererror } = codedSchema.parse(JSON.parse(error)).error;
    return JSON.stringify([code, type, innererror?.code]);
  } catch {
    return "";
  }
}

const namedSchema = z.object({ error: z.object({ param: z.string().min(1) }) });
const locatedSchema = z.object({
  detail: z.array(z.object({ loc: z.array(z.unknown()) })).min(1),
});

/**
 * Returns the part of an error that says what the server refused. The rest may repeat the whole
 * request, so the rest is used only if the error names no parameter.
 */
function subjectOf(error: string): string {
  try {
    const body: unknown = JSON.parse(error);
    const named = namedSchema.safeParse(body);
    if (named.success) return named.data.error.param;
    const located = locatedSchema.safeParse(body);
    return located.success ? JSON.stringify(located.data.detail) : error;
  } catch {
    return error;
  }
}
