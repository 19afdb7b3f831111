import { spawn } from "node:child_process";
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const STARTS_WITHIN_MS = 90_000;
const STOPS_WITHIN_MS = 30_000;
const POLL_MS = 50;

/** Starts `npm ...words` in its own process group and collects the output. */
export function npm(words, environment = {}) {
  const child = spawn("npm", words, {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (said.err += text));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  return { child, said, ended, name: `npm ${words.join(" ")}` };
}

/** Returns a command's output after the command succeeds. @throws Error if the command fails */
export async function outputOf(words, environment, withinMs = 60_000) {
  const command = npm(words, environment);
  const code = await within(withinMs, command.ended, `${command.name} to end`).catch(
    async (error) => {
      await end(command);
      throw error;
    },
  );
  if (code !== 0) throw new Error(`${command.name} ended with ${code}\n${command.said.err}`);
  return command.said.out;
}

/** Waits until the output of the process on `stream` matches the pattern. */
export async function waitFor(running, stream, pattern, withinMs = STARTS_WITHIN_MS) {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const match = pattern.exec(running.said[stream]);
    if (match) return match;
    if (running.child.exitCode !== null || Date.now() > giveUpAt) {
      const { out, err } = running.said;
      throw new Error(`${running.name} did not write ${pattern}. Its output:\n${out}\n${err}`);
    }
    await pause(POLL_MS);
  }
}

/** Runs `npm start` until the server is ready. Returns its URL, its tokens and the port of its PostgreSQL. */
export async function startServer(environment) {
  const running = npm(["start"], environment);
  try {
    const [, url] = await waitFor(running, "out", /ready at (\S+)\/graphql/);
    await waitFor(running, "out", /^ {2}cleo +\S+$/m);
    const [, databasePort] = await waitFor(running, "err", /listens on 127\.0\.0\.1:(\d+)/);
    const lines = [...running.said.out.matchAll(/^ {2}(\w+) +(\S+)$/gm)];
    const tokens = Object.fromEntries(lines.map(([, user, token]) => [user, token]));
    return { ...running, url, tokens, databasePort: Number(databasePort) };
  } catch (error) {
    await end(running);
    throw error;
  }
}

/** Sends SIGTERM to npm only, as a supervisor does. @throws Error if a process or a port stays open */
export async function terminate(running) {
  running.child.kill("SIGTERM");
  await expectStopped(running);
}

/** Sends SIGINT to the whole group, as Ctrl-C does. @throws Error if a process or a port stays open */
export async function interrupt(running) {
  signalGroup(running, "SIGINT");
  await expectStopped(running);
}

/**
 * Ends a process that was started with `npm`. Sends SIGTERM, and then SIGKILL if the process does not
 * stop in time.
 */
export async function end(running) {
  signalGroup(running, "SIGTERM");
  await within(STOPS_WITHIN_MS, running.ended, running.name).catch(() => {
    signalGroup(running, "SIGKILL");
  });
}

function signalGroup({ child }, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

async function expectStopped(running) {
  await within(STOPS_WITHIN_MS, running.ended, `${running.name} to stop`);
  if (isGroupAlive(running)) throw new Error(`${running.name} left a process behind.`);
  const ports = [running.url && Number(new URL(running.url).port), running.databasePort];
  for (const port of ports.filter(Boolean)) {
    if (await listens(port)) throw new Error(`Something still listens on port ${port}.`);
  }
}

function isGroupAlive({ child }) {
  try {
    return process.kill(-child.pid, 0);
  } catch {
    return false;
  }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const answer = (isOpen) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}

/** Returns the result of `work`. @throws Error if `work` does not end in time */
export async function within(milliseconds, work, what) {
  const giveUp = new globalThis.AbortController();
  const late = pause(milliseconds, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`Waited ${milliseconds} ms for ${what}.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    giveUp.abort();
  }
}
