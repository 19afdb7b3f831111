import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { type IntrospectionQuery, buildClientSchema } from "graphql";
import { printFabulaSchema } from "../../src/graphql/schema/print-schema.js";

const CLI = new URL("../../dist/src/cli.js", import.meta.url).pathname;
const MOST_BYTES = 10_000_000;

/** Runs the command without a database and without settings. */
const printed = async (...words: string[]): Promise<string> => {
  const run = promisify(execFile);
  const options = { env: {}, maxBuffer: MOST_BYTES };
  return (await run(process.execPath, [CLI, "introspection", ...words], options)).stdout;
};

const committed = (): Promise<string> =>
  readFile(new URL("../../schema.graphql", import.meta.url), "utf8");

test("the introspection JSON is the committed schema", async () => {
  const { data } = JSON.parse(await printed()) as { data: IntrospectionQuery };

  expect(typesOf(printFabulaSchema(buildClientSchema(data)))).toEqual(typesOf(await committed()));
});

test("the schema is printed as text, byte for byte", async () => {
  expect((await printed("--sdl")).trimEnd()).toBe((await committed()).trimEnd());
});

test("a result that cannot be written is a failure, and no half success", async () => {
  const full = await open("/dev/full", "w");
  const child = spawn(process.execPath, [CLI, "introspection"], {
    ...{ env: {}, stdio: ["ignore", full.fd, "pipe"] },
  });
  let notes = "";
  child.stderr?.on("data", (part) => (notes += String(part)));

  const [code] = (await once(child, "close")) as [number];
  await full.close();

  expect([code, notes]).toEqual([1, "A part of the output could not be written (ENOSPC).\n"]);
});

/** The definitions of the types. Introspection does not tell directives such as @oneOf alike in all versions. */
const typesOf = (sdl: string): readonly string[] =>
  sdl
    .split("\n")
    .filter((line) => /^(?:type|enum|input|interface|scalar|union) /.test(line))
    .map((line) => line.replace(/ @.*/, ""));
