import type { RecordedRequest } from "../../../support/language-model-server.js";

/** A story in which the embedded analyser names the wrong speaker of six quotes. */
export const FERRY = `The ferry was late, and three people waited in the shed: Anna Berg, old Tom Reeve, and a boy called Will.

“It will not come,” said Tom.

“It will,” said Anna. “It always comes.”

“And if it does not?”

Will had asked the question without looking up. Nobody answered him for a while.

“Then we walk,” Tom muttered at last.

“Over the hills? In the dark?”

“You have legs.”

The boy laughed. “I have two of them. You have one and a half.”

Tom lifted his stick, but he was smiling too. Anna put her coat around the boy.

“You are frozen,” she said.

“I am not.”

“Listen!” cried Will. “A bell!”

On the door hung a board. “No boats after nine,” it read.

“Nobody told the ferryman,” said Anna, and she wept with joy.`;

/** Who speaks each quote, by its first words. */
const SPEAKERS: Readonly<Record<string, string>> = {
  "“It will not": "tom-reeve",
  "“It will,”": "anna-berg",
  "“It always": "anna-berg",
  "“And if": "will",
  "“Then we": "tom-reeve",
  "“Over the": "will",
  "“You have": "tom-reeve",
  "“I have": "will",
  "“You are": "anna-berg",
  "“I am": "will",
  "“Listen": "will",
  "“A bell": "will",
  "“No boats": "nobody",
  "“Nobody": "anna-berg",
};

/** Returns the true speaker of a quote. Null: no person speaks. */
export function trueSpeaker(text: string): string | null {
  const found = Object.entries(SPEAKERS).find(([start]) => text.startsWith(start));
  if (!found) throw new Error(`The story has no quote ${text}`);
  return found[1] === "nobody" ? null : found[1];
}

export interface AskedLine {
  readonly id: number;
  readonly text: string;
}

/** What a model finds in a request: the prompt's name, the lines, and the quotes that it is asked for. */
export function readRequest({ body }: RecordedRequest) {
  const [system, user] = body.messages.map(({ content }) => content);
  const lines = (user ?? "").split("\n").flatMap((line): AskedLine[] => {
    const [, id, text] = /^(\d+) [NQ] (".*")$/u.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), text: JSON.parse(text ?? '""') as string }];
  });
  const asked = new Set(
    /^Answer for the quotes (.*)\.$/mu
      .exec(user ?? "")?.[1]
      ?.split(", ")
      .map(Number),
  );
  return {
    isWhole: system?.startsWith("You describe a whole story") ?? false,
    lines,
    quotes: lines.filter(({ id }) => asked.has(id)),
  };
}

const TOLD = {
  "tom-reeve": {
    name: "Tom Reeve",
    gender: "male",
    ageGroup: "elder",
    role: "major",
    description: "An old man with a stick.",
  },
  "anna-berg": {
    name: "Anna Berg",
    gender: "female",
    ageGroup: "adult",
    role: "protagonist",
    description: "A woman who trusts the ferry.",
  },
  will: {
    name: "Will",
    gender: "male",
    ageGroup: "child",
    role: "major",
    description: "A boy who laughs at the old man.",
  },
} as const;

export const SUMMARY = "Three people wait for a late ferry at night.";

/** What a model answers that understands the story. */
export function goodAnswer(request: RecordedRequest): Record<string, unknown> {
  const { isWhole, quotes } = readRequest(request);
  if (!isWhole) {
    return {
      quotes: quotes.map(({ id, text }) => ({
        ...{ id, speaker: trueSpeaker(text) ?? "nobody", certainty: "high" },
        ...(text.startsWith("“Nobody")
          ? { emotion: "joy", intensity: 0.8 }
          : { emotion: "neutral", intensity: 0 }),
      })),
      newCharacters: [],
      gist: "People wait for a ferry.",
    };
  }
  return {
    characters: Object.entries(TOLD).map(([id, about]) => ({ id, aliases: [], ...about })),
    ...{ summary: SUMMARY, mood: "tense", valence: 0.1, arousal: 0.4 },
  };
}
