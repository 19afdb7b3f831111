import { readFile } from "node:fs/promises";
import { buildSchema, findBreakingChanges } from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

interface AllowedChange {
  /** The change in the words of graphql-js. */
  readonly change: string;
  /** Why clients have to change, and what they use in its place. */
  readonly reason: string;
}

const RELEASED = new URL("../../golden/released-schema.graphql", import.meta.url);
const ALLOWED = new URL("../../../.config/schema-changes.json", import.meta.url);

/** The breaking changes since the released schema. */
async function breakingChanges(): Promise<readonly string[]> {
  const released = buildSchema(await readFile(RELEASED, "utf8"));
  return findBreakingChanges(released, buildFabulaSchema()).map(({ description }) => description);
}

const allowedChanges = async (): Promise<readonly AllowedChange[]> =>
  JSON.parse(await readFile(ALLOWED, "utf8")) as AllowedChange[];

test("a change that breaks clients of the released schema has a reason in .config/schema-changes.json", async () => {
  const allowed = new Set((await allowedChanges()).map(({ change }) => change));

  expect((await breakingChanges()).filter((change) => !allowed.has(change))).toEqual([]);
});

test("every change in .config/schema-changes.json was made, and has a reason", async () => {
  const made = new Set(await breakingChanges());
  const allowed = await allowedChanges();

  expect(allowed.filter(({ change }) => !made.has(change))).toEqual([]);
  for (const { change, reason } of allowed)
    expect([change, reason.length > 20]).toEqual([change, true]);
});
