import { z } from "zod";
import { type Explanation, type Refusal, mayPass, safeCode } from "./endpoint.js";

const refusalSchema = z.object({
  error: z.object({ code: z.unknown().optional(), type: z.unknown().optional() }),
});

/**
 * Explains a refusal with the code or the type of the server's error, never with the server's message.
 * Users see the result, and some vendors repeat the API key in their messages.
 */
export function explainRefusal(name: string, { status, body, sent }: Refusal): Explanation {
  const code = codeIn(body, sent);
  const advice = status === 401 || status === 403 ? " Check its key." : "";
  return {
    message: `${name} answered ${status}${code === null ? "" : ` (${code})`}.${advice}`,
    retryable: mayPass(status),
  };
}

function codeIn(body: Uint8Array, sent: string): string | null {
  try {
    const { error } = refusalSchema.parse(JSON.parse(new TextDecoder().decode(body)));
    return safeCode([error.code, error.type], sent);
  } catch {
    return null;
  }
}
