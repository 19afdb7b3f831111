import {
  NO_USAGE,
  addUsage,
  costMicrosOf,
  estimateMessageTokens,
  estimatePromptTokens,
  estimateTokens,
} from "../../../src/providers/llm/llm.port.js";

// The numbers of tokens are those of GPT-4o's vocabulary (o200k_base), counted once.
test.each<[language: string, text: string, tokens: number]>([
  ["English", "“Where is the key?” she asked. Nobody in the garden answered her.", 16],
  ["German", "Es war einmal eine Königstochter, die ging hinaus in den Wald.", 16],
  ["Russian", "Жил старик со своею старухой у самого синего моря.", 16],
  ["Chinese", "从前有一个国王，他有一个女儿，非常美丽。", 15],
  ["JSON", '{"quotes":[{"id":12,"speaker":"c3","emotion":"sadness"}]}', 19],
  ["capitals", "NOBODY CAME TO HELP THE HOUSE OF THE SEVEN GABLES", 16],
  ["emoji", "🎉🔥✨", 4],
])("an estimate for %s is rather too high than too low", (_, text, tokens) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
  expect(estimateTokens(text)).toBeLessThanOrEqual(tokens * 3);
});

test("an estimate of a long text is the sum of its parts", () => {
  const sentence = "She opened the door. ";

  expect(estimateTokens(sentence.repeat(1000))).toBe(1000 * estimateTokens(sentence));
  expect(estimateTokens("")).toBe(0);
});

test("a prompt has the tokens of its messages and of its schema", () => {
  const messages = [{ role: "user", content: "Who speaks?" }] as const;
  const answer = { name: "who", schema: { type: "object" } };

  expect(estimateMessageTokens(messages)).toBe(estimateTokens("Who speaks?") + 8);
  expect(estimatePromptTokens({ messages, answer })).toBe(
    estimateMessageTokens(messages) + estimateTokens('{"type":"object"}'),
  );
});

test("a cost is in whole millionths, rounded up", () => {
  const price = {
    ...{ inputMicrosPerMillion: 150_000, outputMicrosPerMillion: 600_000 },
    currency: "USD",
  };

  expect(costMicrosOf({ inputTokens: 1000, outputTokens: 100 }, price)).toBe(210);
  expect(costMicrosOf({ inputTokens: 1, outputTokens: 0 }, price)).toBe(1);
  expect(costMicrosOf(NO_USAGE, price)).toBe(0);
});

test("usages add up", () => {
  const usage = { inputTokens: 10, outputTokens: 2, requests: 1 };

  expect(addUsage(usage, usage)).toEqual({ inputTokens: 20, outputTokens: 4, requests: 2 });
});
