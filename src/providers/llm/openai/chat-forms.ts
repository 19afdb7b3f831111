import type { ChatMessage, ChatRequest } from "../llm.port.js";

/** What differs between the requests that servers accept. */
export interface RequestForm {
  /** How the server is asked for JSON. */
  readonly format: "json_schema" | "json_object" | "none";
  /** The name of the parameter for the most tokens of an answer. */
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly hasTemperature: boolean;
}

/** What most servers accept: only newer models of OpenAI refuse `max_tokens` and a temperature. */
export const USUAL_FORM: RequestForm = {
  format: "json_schema",
  limit: "max_tokens",
  hasTemperature: true,
};

type Part = keyof RequestForm;

/** How servers name the parts in their errors. */
const NAMES: Readonly<Record<Part, RegExp>> = {
  hasTemperature: /temperature/i,
  limit: /max_(completion_)?tokens/i,
  format:
    /response.?format|json.?(schema|object|mode)|structured.?output|guided|grammar|invalid schema/i,
};

const partsIn = (error: string): Part[] =>
  (["hasTemperature", "limit", "format"] as const).filter((part) => NAMES[part].test(error));

/** True if a server's error is about a part of the request that another form does not have. */
export const isAboutForm = (error: string): boolean => partsIn(error).length > 0;

/**
 * Returns the form to try after a server refused `form`. If the error does not say which part the
 * server refused, the parts are given up one after the other. Returns null if there is no further
 * form.
 */
export function nextForm(form: RequestForm, error: string): RequestForm | null {
  const named = partsIn(error);
  const parts = named.length > 0 ? named : (["format", "limit", "hasTemperature"] as const);
  return parts.map((part) => giveUp(form, part)).find((next) => next !== null) ?? null;
}

function giveUp(form: RequestForm, part: Part): RequestForm | null {
  if (part === "hasTemperature")
    return form.hasTemperature ? { ...form, hasTemperature: false } : null;
  if (part === "limit")
    return form.limit === "max_tokens" ? { ...form, limit: "max_completion_tokens" } : null;
  if (form.format === "none") return null;
  return { ...form, format: form.format === "json_schema" ? "json_object" : "none" };
}

/** Writes the body of a request. */
export function writeBody(model: string, request: ChatRequest, form: RequestForm): object {
  const { answer, maxOutputTokens } = request;
  const { name, schema } = answer;
  const format = {
    json_schema: { type: "json_schema", json_schema: { name, strict: true, schema } },
    json_object: { type: "json_object" },
    none: null,
  }[form.format];
  return {
    model,
    messages: messagesOf(request, form),
    ...(format && { response_format: format }),
    [form.limit]: maxOutputTokens,
    ...(form.hasTemperature ? { temperature: 0 } : {}),
    stream: false,
  };
}

/** A server that does not get the schema as a parameter gets it in the first message. */
export function messagesOf(
  { messages, answer }: ChatRequest,
  { format }: Pick<RequestForm, "format">,
): readonly ChatMessage[] {
  if (format === "json_schema") return messages;
  const demand = `Answer with one JSON object and nothing else. The object must fit this JSON schema:\n${JSON.stringify(answer.schema)}`;
  const [first, ...others] = messages;
  if (first?.role !== "system") return [{ role: "system", content: demand }, ...messages];
  return [{ ...first, content: `${first.content}\n\n${demand}` }, ...others];
}
