import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const REPOSITORY = path.resolve(import.meta.dirname, "..");
const CRUISER = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";

const COMMON = {
  "tsconfig.json": "{}",
  "package.json": `{ "dependencies": { "typeorm": "1", "pg": "1" }, "devDependencies": { "jest": "1" } }`,
  ...Object.fromEntries(
    ["typeorm", "pg", "jest"].flatMap((name) => [
      [`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`],
      [`node_modules/${name}/index.js`, "module.exports = {};"],
    ]),
  ),
  "src/main.ts": `import "./app.js";`,
  "src/app.ts": `
    import "./app/parts.js"; import "./config.js"; import "./reference/index.js"; import "./instances/index.js";
    import "./providers/speech/flite/flite.js"; import "./jobs/pg-boss.js"; import "./http/server.js";
    import "./graphql/story.resolver.js"; import "./legacy/move.js"; import "./seed/seed.js";
  `,
  "src/app/parts.ts": `import "../providers/speech/flite/flite.js"; import "../jobs/pg-boss.js";`,
  "src/config.ts": `import "./platform/errors.js";`,
  "src/reference/index.ts": `export * from "./story/story.service.js";`,
  "src/reference/story/story.service.ts": `import "./story.store.js"; import "../../jobs/queue.port.js";`,
  "src/reference/story/story.store.ts": `import "typeorm"; import "../../platform/database.js";`,
  "src/reference/analysis/analysis.store.ts": `import "../story/story.store.js"; import "./analyser/index.js";`,
  "src/reference/edition/edition.store.ts": `import "../story/story.store.js";`,
  "src/reference/analysis/analyser/index.ts": `export * from "./text/quotes.js";`,
  "src/reference/analysis/analyser/text/quotes.ts": `export const quotes = 1;`,
  "src/instances/index.ts": `export * from "./narration/narration.service.js";`,
  "src/instances/narration/narration.service.ts": `import "../../reference/index.js";`,
  "src/graphql/story.resolver.ts": `import "../reference/index.js"; import "../instances/index.js";`,
  "src/http/server.ts": `import "../platform/errors.js";`,
  "src/providers/speech/speech.port.ts": `export type Voice = string;`,
  "src/providers/speech/flite/flite.ts": `import type { Voice } from "../speech.port.js";`,
  "src/jobs/queue.port.ts": `import "../platform/errors.js";`,
  "src/jobs/pg-boss.ts": `import "./queue.port.js"; import "pg";`,
  "src/audio/pcm.ts": `import "../platform/errors.js";`,
  "src/spoken-form/index.ts": `export * from "./spoken-form.js";`,
  "src/spoken-form/spoken-form.ts": `import "../platform/errors.js";`,
  "src/legacy/move.ts": `import "../platform/database.js";`,
  "src/seed/seed.ts": `import "../instances/index.js";`,
  "src/platform/embedded-postgres/index.ts": `import "./lock.js";`,
  "src/platform/embedded-postgres/lock.ts": `export const lock = 1;`,
  "src/platform/errors.ts": `export const errors = 1;`,
  "src/platform/database.ts": `import "typeorm"; import "pg"; import "./errors.js";`,
  "migrations/index.ts": `import "typeorm";`,
  "test/support/app.ts": `import "../../src/reference/story/story.service.js";`,
};

/**
 * Forbidden imports: the file with the import, the imported module, and the rule that reports it.
 */
const FORBIDDEN: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ["src/reference/story/a.ts", "../../instances/index.js", "reference-knows-no-instances"],
  ["src/reference/story/b.ts", "../../config.js", "domain-knows-no-transport"],
  ["src/instances/narration/c.ts", "../../http/server.js", "domain-knows-no-transport"],
  ["src/instances/narration/d.ts", "../../jobs/pg-boss.js", "only-the-app-knows-adapters"],
  [
    "src/instances/narration/e.ts",
    "../../reference/story/story.service.js",
    "front-door-reference",
  ],
  ["src/graphql/f.ts", "../instances/narration/narration.service.js", "front-door-instances"],
  ["src/graphql/g.ts", "typeorm", "graphql-translates-only"],
  ["src/graphql/h.resolver.ts", "../reference/story/story.store.js", "resolvers-know-no-store"],
  ["src/http/i.ts", "../config.js", "http-is-wired-by-the-app"],
  ["src/http/j.ts", "../providers/speech/flite/flite.js", "only-the-app-knows-adapters"],
  ["src/platform/k.ts", "../jobs/queue.port.js", "platform-is-the-floor"],
  ["src/providers/speech/l.ts", "../../reference/index.js", "providers-know-no-domain"],
  ["src/jobs/m.ts", "../reference/index.js", "jobs-know-no-domain"],
  ["src/audio/n.ts", "node:fs", "audio-is-pure"],
  ["src/spoken-form/na.ts", "../audio/pcm.js", "spoken-form-is-pure"],
  ["src/instances/narration/nb.ts", "../../spoken-form/spoken-form.js", "front-door-spoken-form"],
  ["src/reference/analysis/analyser/o.ts", "../analysis.store.js", "analyser-is-pure"],
  ["src/seed/p.ts", "../app.js", "only-processes-import-the-app"],
  ["src/seed/p.ts", "../app/parts.js", "only-processes-import-the-app"],
  ["src/seed/q.ts", "../main.js", "nothing-imports-a-process"],
  ["src/http/r.ts", "../legacy/move.js", "legacy-is-deletable"],
  ["src/instances/s.ts", "../seed/seed.js", "seed-is-optional"],
  ["migrations/t.ts", "../src/platform/errors.js", "migrations-import-nothing"],
  ["src/platform/u.ts", "../../test/support/app.js", "source-knows-no-tests"],
  ["src/reference/v.ts", "./index.js", "no-way-back-through-the-front-door"],
  ["src/reference/story/w.ts", "../edition/edition.store.js", "reference-story-points-down"],
  ["src/reference/story/x.ts", "../analysis/analyser/text/quotes.js", "front-door-analyser"],
  ["src/http/w.ts", "../platform/embedded-postgres/lock.js", "front-door-embedded-postgres"],
  [
    "src/instances/consent/w.ts",
    "../narration/narration.service.js",
    "instances-consent-points-down",
  ],
  ["src/reference/story/w.service.ts", "typeorm", "typeorm-only-in-stores"],
  ["src/reference/story/x.store.ts", "pg", "pg-only-at-the-floor"],
  ["src/platform/y.ts", "jest", "source-needs-no-dev-dependency"],
  ["src/platform/z.ts", "./absent.js", "resolvable"],
];

let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "fabula-architecture-"));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function violations(name: string, files: Record<string, string>): Promise<Violation[]> {
  const tree = path.join(root, name);
  for (const [file, content] of Object.entries({ ...COMMON, ...files })) {
    await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
    await writeFile(path.join(tree, file), content);
  }

  const config = path.join(REPOSITORY, ".config/dependency-cruiser.mjs");
  const args = [path.join(REPOSITORY, CRUISER), "--config", config, "--output-type", "json"];
  // The exit code is the number of violations. The test reads the violations from the output.
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [...args, "src", "migrations"], { cwd: tree }, (_error, stdout) => {
      resolve(stdout);
    });
  });

  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}

const named = (found: readonly Violation[]) =>
  found.map(({ from, rule }) => `${from}: ${rule.name}`);

test("a tree that follows the layout has no violations", async () => {
  expect(named(await violations("clean", {}))).toEqual([]);
});

test("each import against the allowed direction is reported by its rule", async () => {
  const imports = FORBIDDEN.map(([file, imported]): [string, string] => [
    file,
    `import "${imported}";`,
  ]);
  const ofType = `import type { N } from "../../instances/index.js"; export type M = N;`;

  const found = await violations("forbidden", {
    ...Object.fromEntries(imports),
    "src/reference/analysis/type.ts": ofType,
  });

  expect(named(found)).toEqual(
    expect.arrayContaining([
      ...FORBIDDEN.map(([file, , rule]) => `${file}: ${rule}`),
      "src/reference/analysis/type.ts: reference-knows-no-instances",
    ]),
  );
});

test("cycles, cycles through a type import, and orphans are reported", async () => {
  const found = await violations("cycles", {
    "src/http/alone.ts": "export const alone = 1;",
    "src/platform/a.ts": `import "./b.js";`,
    "src/platform/b.ts": `import "./a.js";`,
    "src/platform/c.ts": `import "./d.js";`,
    "src/platform/d.ts": `import type { C } from "./c.js"; export type D = C;`,
  });

  expect(named(found)).toEqual([
    "src/platform/a.ts: no-cycle",
    "src/platform/c.ts: no-cycle",
    "src/http/alone.ts: no-orphan",
  ]);
});
