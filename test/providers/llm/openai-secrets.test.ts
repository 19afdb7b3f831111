import { inspect } from "node:util";
import { createLogger } from "../../../src/platform/process/logging.js";
import { type PlayedReply, says } from "../../support/language-model-server.js";
import { KEY, REQUEST, asking, failureOf } from "./asking.js";

const { server, playReplies, ask } = asking();

const STORY = "Rapunzel";
/** Everything that a hostile server can repeat. */
const ECHO = JSON.stringify({ key: `Bearer ${KEY}`, messages: REQUEST.messages });

const error = (echo: string) => ({ message: echo, type: echo, code: echo, param: echo });

test.each<[what: string, reply: PlayedReply]>([
  ...[400, 401, 404, 413, 422, 429, 500, 503].map((status): [string, PlayedReply] => [
    `an error with the status ${status}`,
    { status, body: { error: error(ECHO) } },
  ]),
  ["a code that is a word of the story", { status: 401, body: { error: { code: "rapunzel" } } }],
  ["an error that is a text", { status: 400, body: ECHO }],
  ["an error in a good reply", { body: { error: error(ECHO) } }],
  ["a reply that is not JSON", { body: `{"choices": ${KEY} ${STORY}` }],
  ["a reply of an unknown form", { body: { choices: [ECHO] } }],
  ["prose", says(`The prince says that ${STORY} has the key ${KEY}.`)],
  ["a cut answer", says(`{"speaker":"${STORY} ${KEY}`, { finishReason: "length" })],
  ["a refusal", says("", { message: { refusal: ECHO } })],
  ["a broken connection", {}],
  ["a type of content", { headers: { "content-type": `text/${KEY}` }, body: ECHO }],
])("after %s, neither the error nor its log line has the key or the story", async (_, reply) => {
  playReplies(reply);
  const lines: string[] = [];
  const logger = createLogger({
    ...{ logLevel: "debug", isProduction: true },
    write: (line) => lines.push(line),
  });

  const failure = await failureOf(ask({ maxAttempts: 1 }));
  logger.error({ err: failure }, "The analysis failed");

  expect(failure).toBeInstanceOf(Error);
  expect(server().requests.length).toBeGreaterThan(0);
  expect(lines).toHaveLength(1);
  // The whole error with its causes, as a debugger or an unwary logger would print it.
  const printed = inspect(failure, { depth: 10, showHidden: true }) + lines.join("");
  expect(printed.toLowerCase()).not.toContain(KEY);
  expect(printed.toLowerCase()).not.toContain(STORY.toLowerCase());
});
