import { spawn } from "node:child_process";
import { once } from "node:events";
import { ProcessOutput } from "../../support/process-output.js";

// A separate process needs built code. npm test builds first.
const built = (file: string): string =>
  JSON.stringify(new URL(`../../../dist/src/platform/${file}`, import.meta.url).href);

const CANARY = "canary7f3k";

/** Runs a process whose start registers two cleanups and then runs `code`. */
async function ended(code: string, signal?: NodeJS.Signals) {
  const script = `
    const { runProcess, print } = await import(${built("process/process.js")});
    const { ConflictError } = await import(${built("errors.js")});
    class InkError extends Error {}
    await runProcess(async (stopping) => {
      stopping(async () => print("first cleanup"));
      stopping(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        print("second cleanup");
      });
      process.stdin.resume();
      ${code}
      print("started");
      return "running";
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = new ProcessOutput(child);
  const closed = once(child, "close");
  if (signal !== undefined) {
    await output.until(/started/);
    child.kill(signal);
  }
  const [exitCode] = (await closed) as [number | null];
  return { exitCode, text: output.text };
}

const CLEANUPS = /second cleanup\nfirst cleanup/;
const later = (code: string): string => `setImmediate(() => { ${code} });`;

test.each([
  ["an exception", later(`throw new InkError("${CANARY}")`), "InkError"],
  ["a rejection", `void Promise.reject(new InkError("${CANARY}"));`, "InkError"],
  ["a rejection with a text", `void Promise.reject("${CANARY}");`, "ERR_UNHANDLED_REJECTION"],
  ["a thrown object", later(`throw { text: "${CANARY}" }`), "object"],
  [
    "an error for one user",
    later(`throw new ConflictError("The title “${CANARY}” is taken.")`),
    "The title “…” is taken",
  ],
  [
    "an error with fields and a cause",
    later(`
      const cause = new TypeError("${CANARY}");
      throw Object.assign(new InkError("x", { cause }), { detail: "${CANARY}", parameters: ["${CANARY}"] });`),
    "caused by TypeError",
  ],
])("%s that nothing handles ends the process after its cleanups", async (_kind, code, shown) => {
  const { exitCode, text } = await ended(code);

  expect(exitCode).toBe(1);
  expect(text).toContain("Ending after an error that nothing handled.");
  expect(text).toContain(shown);
  expect(text).toMatch(CLEANUPS);
  expect(text).not.toContain(CANARY);
});

test("the report of an exception names the places of its stack", async () => {
  const { text } = await ended(later(`JSON.parse("${CANARY}")`));

  expect(text).toContain("SyntaxError");
  expect(text).toMatch(/^ {4}at .*:\d+:\d+/m);
  expect(text).not.toContain(CANARY);
});

test("a second exception does not end the process before a running cleanup", async () => {
  const { exitCode, text } = await ended(`
    stopping(async () => {
      setImmediate(() => { throw new InkError("${CANARY}"); });
      await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
      print("third cleanup");
    });
    ${later(`throw new InkError("${CANARY}")`)}`);

  expect(exitCode).toBe(1);
  expect(text.match(/Ending after/g)).toHaveLength(2);
  expect(text).toMatch(/third cleanup\nsecond cleanup\nfirst cleanup/);
});

test("an exception while a signal stops the process changes the exit code", async () => {
  const { exitCode, text } = await ended(
    `stopping(async () => {
       setImmediate(() => { throw new InkError("${CANARY}"); });
       await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
     });`,
    "SIGTERM",
  );

  expect(exitCode).toBe(1);
  expect(text).toMatch(CLEANUPS);
  expect(text).not.toContain(CANARY);
});

test("a cleanup that fails is reported without its text, and the others run", async () => {
  const { exitCode, text } = await ended(
    `stopping(async () => { throw new ConflictError("“${CANARY}” is open."); });`,
    "SIGTERM",
  );

  expect(exitCode).toBe(0);
  expect(text).toContain("While stopping: ConflictError: “…” is open.");
  expect(text).toMatch(CLEANUPS);
});

test("texts that libraries write are reported with their place only", async () => {
  const { text } = await ended(
    `console.error("${CANARY} broke"); console.log("%s", "${CANARY}", { a: "${CANARY}" });
     console.warn("${CANARY}", new InkError("${CANARY}"));
     process.emitWarning("${CANARY}", { code: "OLD_INK" });`,
    "SIGTERM",
  );

  expect(text.match(/A library wrote to the console/g)).toHaveLength(3);
  expect(text).toContain("InkError");
  expect(text).toContain("OLD_INK");
  expect(text).not.toContain(CANARY);
});

test("each of many cleanups has time to end", async () => {
  const { text } = await ended(
    `for (let count = 0; count < 10; count += 1) {
       stopping(() => new Promise((resolve) => setImmediate(resolve)));
     }`,
    "SIGTERM",
  );

  expect(text).toMatch(CLEANUPS);
  expect(text).not.toContain("took too long");
});
