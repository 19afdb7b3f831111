import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

/** Returns the speaker of each quote by name. Null if a quote has none. */
const speakersOf = (text: string, language = "en"): readonly (string | null)[] => {
  const { segments, characters } = analyseText(text, { language });
  return segments
    .filter(({ kind }) => kind === "dialogue")
    .map(({ speakerId }) => characters.find(({ id }) => id === speakerId)?.canonicalName ?? null);
};

test.each([
  [
    "es",
    "—Buenos días —dijo Ana.\n\n—¿Qué quieres? —preguntó Pedro.\n\n—Nada —respondió Ana—. Solo pan.",
    ["Ana", "Pedro", "Ana", "Ana"],
  ],
  [
    "fr",
    "— Bonjour, dit Marie.\n\n— Que voulez-vous ? demanda Paul.\n\n— Rien, répondit Marie.",
    ["Marie", "Paul", "Marie"],
  ],
  [
    "ru",
    "— Здравствуй, — сказал Иван.\n\n— Чего ты хочешь? — спросила Анна.\n\n— Ничего, — ответил Иван.",
    ["Иван", "Анна", "Иван"],
  ],
  [
    "de",
    "„Guten Morgen“, sagte Anna.\n\n„Was willst du?“, fragte Peter.\n\n„Nichts“, antwortete Anna.",
    ["Anna", "Peter", "Anna"],
  ],
])("the tags of dialogue in %s name its speakers", (language, text, names) => {
  expect(speakersOf(text, language)).toEqual(names);
});

test("an initial keeps its stop in a name", () => {
  const prose = "“Come in,” said R. T. Vane. “No,” said J.R. Hale. R. T. Vane laughed.";
  const play = "R. T. VANE. Come in.\n\nNORA. No.\n\nR. T. VANE. Please.\n\nNORA. Well.";

  expect(speakersOf(prose)).toEqual(["R. T. Vane", "J.R. Hale"]);
  expect(speakersOf(play)).toEqual(["R. T. Vane", "Nora", "R. T. Vane", "Nora"]);
});

test("a conversation ends at a scene break", () => {
  const evening = "“Rain again,” said Anna.\n\n“Yes,” said Ben.\n\n“It is late,” said Anna.\n\n";
  const question = "“Who is there?”";

  const [joined, parted] = ["", "* * *\n\n"].map((between) =>
    analyseText(`${evening}${between}${question}`),
  );

  const last = (document = joined) => document?.segments.at(-1);
  expect(last(joined)?.addresseeIds).toEqual(["anna"]);
  expect(last(parted)?.addresseeIds).toEqual([]);
});

test.each([
  ["She paused at the door.", "Anna"],
  ["Anna paused at the door.", "Anna"],
  ["Ben looked up.", "Ben"],
])("after the action %j between two quotes, %s goes on", (action, speaker) => {
  const before = "“It is late,” said Ben.\n\n“I’ll go,” said Anna.";

  expect(speakersOf(`${before}\n\n${action}\n\n“Or shall I stay?”`).at(-1)).toBe(speaker);
});
