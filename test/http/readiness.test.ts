import type { Obstacle, ReadinessCheck } from "../../src/platform/process/readiness.js";
import { type ApiApp, apiApp } from "../support/api.js";

const MOVING: Obstacle = { status: "moving", message: "The data moves; come back later." };

let obstacle: Obstacle | null = null;
const check: ReadinessCheck = {
  applies: () => Promise.resolve(true),
  obstacleIn: () => Promise.resolve(obstacle),
};

let app: ApiApp;
beforeEach(async () => {
  obstacle = MOVING;
  app = await apiApp({ checks: [check], worker: true });
});
afterEach(() => app.close());

const health = async () => {
  const response = await fetch(app.url.replace("/graphql", "/health"));
  return { code: response.status, body: await response.json() };
};

test("while there is an obstacle, health and requests say so, over HTTP and over WebSocket", async () => {
  const answer = await app.anonymous().query("{ stories { totalCount } }");
  const refusal = await app.anonymous().refusal("{ stories { totalCount } }");

  expect(await health()).toEqual({ code: 503, body: { ...MOVING, database: "up" } });
  expect([answer.status, answer.code]).toEqual([503, "UNAVAILABLE"]);
  expect(answer.errors[0]?.message).toBe(MOVING.message);
  expect(refusal.errors[0]).toMatchObject({
    message: MOVING.message,
    extensions: { code: "UNAVAILABLE" },
  });
});

test("when the obstacle is gone, requests are served and jobs run, without a restart", async () => {
  const story = await app.given.story({ publish: true });
  const before = await app.superuser("SELECT status FROM reference.story_analyses");
  obstacle = null;

  await app.analysed(story);

  expect(before).toEqual([{ status: "pending" }]);
  expect(await health()).toEqual({ code: 200, body: { status: "ok", database: "up" } });
  expect((await app.anonymous().query("{ stories { totalCount } }")).errors).toEqual([]);
});

test("a process that waits for its data can be stopped", async () => {
  await expect(app.close()).resolves.toBeUndefined();
  app = await apiApp();
});
