import { type ApiApp, apiApp } from "../../support/api.js";
import { sampleContext } from "../playground/context.sample.js";
import { requestText, sendRaw } from "../raw.client.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({
    playground: () => Promise.resolve(sampleContext),
    publicUrl: "https://fabula.example:8443",
  });
});
afterAll(() => app.close());

const ask = (path: string, host: string, headers: Record<string, string> = {}) =>
  sendRaw(app.url, requestText(`GET ${path}`, { ...headers, host }));

test.each(["localhost:4000", "LocalHost", "127.0.0.1:80", "[::1]:4000", "fabula.example"])(
  "the playground answers at the host %s",
  async (host) => {
    const page = await ask("/playground", host);
    const root = await ask("/", host);

    expect(page.status).toBe(200);
    expect(page.body).toContain(sampleContext.tokens.ada);
    expect([root.status, root.head.includes("location: /playground")]).toEqual([302, true]);
  },
);

const FOREIGN = [
  "evil.example",
  "evil.example:4000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.0.0.2",
  "[::2]",
  "localhost@evil.example",
  "fabula.example.evil.example",
  "",
];

test.each(FOREIGN)("no page with tokens answers at the host “%s”", async (host) => {
  for (const path of ["/playground", "/playground?", "/", "//playground", "/playground/"]) {
    const answer = await ask(path, host, { "x-forwarded-host": "localhost" });

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain(sampleContext.tokens.ada);
  }
});

test("the API and the media answer at every host", async () => {
  const health = await ask("/health", "fabula-1.internal:4000");

  expect(health.status).toBe(200);
});
