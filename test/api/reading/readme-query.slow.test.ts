import { readFileSync } from "node:fs";
import { parse, visit } from "graphql";
import { type ApiApp, apiApp } from "../../support/api.js";

/** The chapter of the README with one query, its answer, and its number of statements. */
const [, chapter = ""] = /^## One query$(.*?)^## /msu.exec(readFileSync("README.md", "utf8")) ?? [];
const [, query = ""] = /^```text\n(.*?)^```/msu.exec(chapter) ?? [];
const [, answer = ""] = /^```jsonc\n(.*?)^```/msu.exec(chapter) ?? [];
const [, statements] = /takes (\d+) SQL statements for 1\nstory or 10/u.exec(chapter) ?? [];

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ referenceCacheBytes: 0 });
});
afterAll(() => app.close());

test("the README's query runs with the number of statements that the README says, for 1 story and for 10", async () => {
  const many = query.replace("stories(first: 1,", "stories(first: 10,");
  for (let number = 1; number <= 10; number += 1) {
    const story = await app.given.story({ title: `The Waiting Room ${number}`, analyse: true });
    await app.given.narration({ owner: "ada", story });
  }

  const answers = [await app.as("ada").query(query), await app.as("ada").query(many)];

  expect(answers.map(({ errors }) => errors)).toEqual([[], []]);
  expect(answers.map((read) => read.list("stories.edges").length)).toEqual([1, 10]);
  expect(answers.map(({ sql }) => String(sql.count))).toEqual([statements, statements]);
  expect(answer).toContain(`"sql": { "count": ${statements}, `);
});

test("every field of the README's answer is selected by its query", () => {
  const selected = new Set<string>();
  visit(parse(query), { Field: ({ name }) => void selected.add(name.value) });
  const [data = ""] = answer.split('"extensions"');
  const answered = [...data.matchAll(/"(\w+)":/gu)].map(([, name]) => name);

  expect(new Set(answered)).toEqual(new Set(["data", ...selected]));
});
