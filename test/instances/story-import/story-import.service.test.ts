import { StoryImportService, ownerOf } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";

type Dependencies = ConstructorParameters<typeof StoryImportService>[0];

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

/** Returns the error of an import whose thread ends as `readFile` says. */
async function errorOf(readFile: Dependencies["readFile"], timeoutMs?: number): Promise<unknown> {
  await app.given.user("ada");
  const { database, clock, stories } = app.services;
  const service = new StoryImportService({
    ...{ database, clock, stories, readFile, storage: app.storage },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    blobs: { requireStored: unused, put: unused, deleteUnused: unused } as never,
    sweepSoon: unused,
  });
  const file = { fileName: "slow.epub", bytes: new Uint8Array(1) };
  return service.importFile(ownerOf("ada"), file).catch((error: unknown) => error);
}

const unused = (): Promise<never> => Promise.reject(new Error("not expected"));

test("a file that takes too long is refused in plain words, and its thread is told to end", async () => {
  const ended = (_file: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("The task was aborted")));
    });

  expect(await errorOf(ended, 1)).toMatchObject({
    code: "BAD_USER_INPUT",
    message: expect.stringContaining("slow.epub could not be read within 0.001 s"),
  });
});

test("a file that needs too much memory is refused in plain words", async () => {
  const out = Object.assign(new Error("Worker terminated"), { code: "ERR_WORKER_OUT_OF_MEMORY" });

  expect(await errorOf(() => Promise.reject(out))).toMatchObject({
    code: "BAD_USER_INPUT",
    message: expect.stringContaining("slow.epub needs too much memory"),
  });
});

test("a bug in the reading stays a bug", async () => {
  expect(await errorOf(() => Promise.reject(new TypeError("undefined")))).toBeInstanceOf(TypeError);
});
