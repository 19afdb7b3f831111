import { z } from "zod";
import { ProviderError } from "../../../platform/errors.js";

/** No request has more tokens. Larger numbers, which servers may report, would not fit into the sums of a day. */
const MOST_TOKENS = 100_000_000;
const tokens = z.int().positive().max(MOST_TOKENS).optional().catch(undefined);
const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((written) => written ?? "");

/** Some servers write the content in parts. */
const partsSchema = z
  .array(z.object({ text }).catch({ text: "" }))
  .transform((parts) => parts.map((part) => part.text).join(""));

const messageSchema = z.object({
  content: partsSchema.or(text),
  refusal: text,
  reasoning: text,
  reasoning_content: text,
});

const replySchema = z.object({
  choices: z
    .tuple([
      z.object({
        message: messageSchema,
        finish_reason: text,
      }),
    ])
    .rest(z.unknown()),
  usage: z
    .object({
      prompt_tokens: tokens,
      completion_tokens: tokens,
      completion_tokens_details: z.object({ reasoning_tokens: tokens }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

/** What a server answered. */
export interface ChatReply {
  /** What the model wrote. Empty if the model wrote only thoughts. */
  readonly content: string;
  /** The thoughts that the server reports apart from the content. */
  readonly thoughts: string;
  /** True if the model thought before it answered, also if the server keeps the thoughts to itself. */
  readonly hasThoughts: boolean;
  /** True if the model or a filter refused to answer. */
  readonly isRefusal: boolean;
  /** True if the answer is cut, because it needed more tokens than allowed. */
  readonly isCut: boolean;
  /** Undefined if the server does not report the tokens. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/** An error that a server answered with a good status. */
export interface ErrorInReply {
  /** The status that the error should have had. */
  readonly status: number;
}

const errorSchema = z.object({
  error: z.looseObject({ code: z.unknown().optional() }).or(z.string()),
});

/**
 * Reads a reply of `POST /chat/completions`. Some servers answer 200 with an error.
 * @throws ProviderError, retryable for a reply that is not JSON, because servers answer so in an outage.
 *   Not retryable for a reply of another form, because each attempt may cost money.
 */
export function readChatReply(name: string, bytes: Uint8Array): ChatReply | ErrorInReply {
  const body = parseJson(name, bytes);
  const reply = replySchema.safeParse(body);
  if (reply.success) return chatReplyOf(reply.data);
  const failure = errorSchema.safeParse(body);
  if (failure.success) return { status: statusOf(failure.data) };
  throw new ProviderError(`${name} answered in a form that Fabula does not know.`, false);
}

function chatReplyOf({ choices: [choice], usage }: z.output<typeof replySchema>): ChatReply {
  const written = writtenIn(choice.message);
  const hiddenTokens = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  return {
    ...written,
    hasThoughts: hiddenTokens > 0 || written.thoughts !== "" || /<think/i.test(written.content),
    isRefusal: choice.message.refusal !== "" || choice.finish_reason === "content_filter",
    isCut: choice.finish_reason === "length",
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
  };
}

/** Some versions of vLLM report an answer that fits the schema as a thought. */
function writtenIn({
  content,
  reasoning,
  reasoning_content,
}: z.output<typeof messageSchema>): Pick<ChatReply, "content" | "thoughts"> {
  const thoughts = reasoning || reasoning_content;
  const isMisplaced = content.trim() === "" && /^\s*\{.*\}\s*$/su.test(thoughts);
  return isMisplaced ? { content: thoughts, thoughts: "" } : { content, thoughts };
}

function statusOf({ error }: z.output<typeof errorSchema>): number {
  const code = typeof error === "string" ? undefined : error.code;
  return typeof code === "number" && code >= 400 && code <= 599 ? code : 500;
}

function parseJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // The error quotes the reply, which may quote the story.
    throw new ProviderError(`${name} answered with something other than JSON.`, true);
  }
}
