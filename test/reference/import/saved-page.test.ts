import { readFile, textOf } from "./reading.js";

describe("a page saved from the web", () => {
  const AROUND = {
    before:
      '<header><p>My Site</p></header><nav><a href="/">Home</a></nav><div class="sidebar">Popular</div>',
    after:
      '<section id="comments"><p>First!</p></section><form><p>Subscribe</p></form><aside>More</aside><footer>© 2026</footer>',
  };
  const STORY = "<p>The bell rang twice, and nobody in the house moved.</p><p>Then it stopped.</p>";
  const TEXT = "The bell rang twice, and nobody in the house moved.\n\nThen it stopped.";

  test.each<[string, string]>([
    ["an article", `<main><article>${STORY}</article></main>`],
    ["a main part", `<main>${STORY}</main>`],
    ["a role", `<div role="main">${STORY}</div>`],
    ["nothing", `<div id="content">${STORY}</div>`],
    [
      "an article with comments as articles",
      `<article>${STORY}<article><p>First!</p></article></article>`,
    ],
    ["a form around everything", `<form>${STORY}${STORY.replaceAll("<p>", "<p hidden>")}</form>`],
  ])("is read without what is around the story, if the story is in %s", async (_what, story) => {
    expect(await textOf(`${AROUND.before}${story}${AROUND.after}`)).toBe(TEXT);
  });

  test.each([
    ...["share", "social", "related", "sidebar", "comments", "modal", "newsletter", "navigation"],
    ...["pagination", "entry-meta", "pagebreak", "page-number", "noteref", "popup", "toolbar"],
  ])("keeps a paragraph of the story in an element called “%s”", async (name) => {
    const part = "<p>He took what was left of the house, and went away.</p>";
    const around = STORY.repeat(3);

    const byClass = await textOf(`${around}<div class="${name}">${part}</div>${around}`);
    const byId = await textOf(`${around}<div id="${name}">${part}</div>${around}`);

    expect(byClass).toContain("\n\nHe took what was left of the house, and went away.\n\n");
    expect(byId).toBe(byClass);
  });

  test.each([
    ["links", '<div class="share"><a href="#">One site</a> <a href="#">Another site</a></div>'],
    [
      "links below a line",
      '<div class="share"><p>Share this story with your friends!</p><a href="/a">One</a><a href="/b">Two</a></div>',
    ],
    [
      "a form",
      '<div class="newsletter"><p>Never miss a story of ours.</p><input><button>Send</button></div>',
    ],
    [
      "comments",
      '<div id="comments"><h3>1 comment</h3><ol class="commentlist"><li>I liked this story very much.</li></ol></div>',
    ],
    ["the number of a page", '<p class="pagenum">[Pg 12]</p>'],
  ])("leaves out %s with a name of what is around a story", async (_what, markup) => {
    expect(await textOf(`${STORY}${markup}`)).toBe(TEXT);
  });

  test("keeps chapters that are articles in an article", async () => {
    const chapter = (title: string) => `<article><h2>${title}</h2>${STORY}</article>`;
    const page = `<article><h1>Book</h1>${["One", "Two", "Three"].map(chapter).join("")}</article>`;

    const text = await textOf(page);

    expect(text).toBe(`Book\n\nOne\n\n${TEXT}\n\nTwo\n\n${TEXT}\n\nThree\n\n${TEXT}`);
  });

  test("keeps the headings of sections whose headers hold them", async () => {
    const section = "<section><header><h2>One</h2><p>By Ada</p></header><p>Tea.</p></section>";

    expect(await textOf(`${section}${STORY}`)).toBe(`One\n\nTea.\n\n${TEXT}`);
  });

  test("keeps an epigraph below the title, and the name below a letter", async () => {
    const epigraph = "<blockquote><p>All things pass in the end.</p></blockquote>";
    const letter = "<blockquote><p>Come soon.</p><footer>Bob</footer></blockquote>";

    const text = await textOf(
      `<article><header><h1>A</h1>${epigraph}</header>${STORY}${letter}</article>`,
    );

    expect(text).toBe(`A\n\nAll things pass in the end.\n\n${TEXT}\n\nCome soon.\n\nBob`);
  });

  test("without a head does not read its title", async () => {
    const { title, content } = await readFile("<title>The Bell</title><p>It rang.</p>", "a.html");

    expect({ title, content }).toEqual({ title: "The Bell", content: "It rang." });
  });

  test("keeps the heading of an article, and not the line with the author below", async () => {
    const header = "<header><h1>The Bell</h1><p>By Ada, May 3</p></header>";

    const text = await textOf(`${AROUND.before}<article>${header}${STORY}</article>`);

    expect(text).toBe(`The Bell\n\n${TEXT}`);
  });

  test("keeps all parts of a story in several articles", async () => {
    const parts = ["One.", "Two.", "Three."].map((part) => `<article><p>${part}</p></article>`);

    expect(await textOf(`${AROUND.before}<main>${parts.join("")}</main>`)).toBe(
      "One.\n\nTwo.\n\nThree.",
    );
  });

  test("gives its title, author, language and rights", async () => {
    const page = `<!DOCTYPE html><html lang="pt-br"><head><title>The Bell | My Site</title>
      <meta property="og:title" content="The Bell"><meta name="author" content="Ada  Lovelace">
      <meta name="copyright" content="© Ada"></head><body>${STORY}</body></html>`;

    expect(await readFile(page, "x.html")).toMatchObject({
      ...{ title: "The Bell", authorName: "Ada Lovelace", language: "pt-BR", rights: "© Ada" },
      content: TEXT,
    });
  });

  test("is decoded as it declares", async () => {
    const declared = '<html><head><meta charset="windows-1252"></head><body><p>\x93Caf\xe9\x94</p>';
    const older =
      '<html><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>\xb9</p>';

    const texts = [
      await readFile(Buffer.from(declared, "latin1"), "a.html"),
      await readFile(Buffer.from(older, "latin1"), "a.html"),
    ].map(({ content }) => content);

    expect(texts[0]).toBe("“Café”");
    await expect(readFile(Buffer.from("<html><p>\xe9", "latin1"), "a.html")).rejects.toThrow(
      "Name the encoding",
    );
  });

  test("without any text is refused", async () => {
    const page = "<html><body><script>render()</script><div id='app'></div></body></html>";

    await expect(readFile(page, "app.html")).rejects.toThrow("app.html has no text to read");
  });
});
