import { RateLimitedError } from "../../../src/platform/errors.js";
import { measureText, storyStore } from "../../../src/reference/index.js";
import {
  MOST_INLINE_CHARACTERS,
  type MeasureInThread,
  TextMeasurer,
} from "../../../src/reference/story/text-measurer.js";
import { type TestApp, testApp } from "../../support/app.js";

const SHORT = "CHAPTER I\n\nThe bell rang.\n\nCHAPTER II\n\nNobody came.";
const LONG = `${SHORT} ${"The river rose. ".repeat(MOST_INLINE_CHARACTERS / 10)}`.trim();
const ada = { authorId: "ada" };

const measured: number[] = [];
const inThread: MeasureInThread = async (text) => {
  measured.push(text.length);
  return measureText(text);
};
beforeEach(() => measured.splice(0));

test("only a long text is measured in a thread", async () => {
  const texts = new TextMeasurer(inThread);

  const short = await texts.measure(SHORT, ada);
  const long = await texts.measure(LONG, ada);

  expect(measured).toEqual([LONG.length]);
  expect(short.chapters.map(({ title }) => title)).toEqual(["CHAPTER I", "CHAPTER II"]);
  expect(long).toMatchObject({ content: LONG, ...measureText(LONG) });
});

test("the chapters of a file replace those of the text", async () => {
  const chapters = [{ title: "One", start: 0 }];

  const text = await new TextMeasurer(inThread).measure(SHORT, { ...ada, chapters });

  expect(text.chapters).toEqual(chapters);
});

test("a third long text of one author at the same time is refused, and other authors go on", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const texts = new TextMeasurer(async (text) => {
    await gate;
    return measureText(text);
  });

  const first = [texts.measure(LONG, ada), texts.measure(LONG, ada)];
  await expect(texts.measure(LONG, ada)).rejects.toThrow(RateLimitedError);
  const other = texts.measure(LONG, { authorId: "ben" });
  open(undefined);

  await expect(Promise.all([...first, other])).resolves.toHaveLength(3);
  await expect(texts.measure(LONG, ada)).resolves.toMatchObject({ content: LONG });
});

describe("the service", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterEach(() => app.clean());
  afterAll(() => app.close());

  test("stores the measures of a long text, of a new story and of a changed one", async () => {
    await app.given.user("ada");
    const { stories } = app.services;
    const content = `${LONG} And fell.`;

    const story = await stories.create("ada", { title: "The River", content: LONG });
    const changed = await stories.update("ada", story, { content });

    const texts = await app.database.read({ viewer: "ada" }, (tx) =>
      storyStore.textsByHash(tx, [changed.contentHash ?? ""]),
    );
    expect(texts[0]).toMatchObject({ content, ...measureText(content) });
  });

  test("refuses a wrong title before the text is measured", async () => {
    await app.given.user("ada");

    await expect(
      app.services.stories.create("ada", { title: "", content: "half \uD83E" }),
    ).rejects.toMatchObject({ inputPath: ["title"] });
  });
});
