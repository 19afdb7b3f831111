import { brotliDecompressSync, gunzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import {
  type PlaygroundRouteOptions,
  playgroundRoutes,
} from "../../../src/http/playground/playground.route.js";
import type { PlaygroundContext } from "../../../src/http/playground/playground.tabs.js";
import { sampleContext } from "./context.sample.js";

let server: FastifyInstance | undefined;

async function playground(context: PlaygroundContext | null): Promise<FastifyInstance> {
  server = Fastify();
  await server.register(playgroundRoutes, {
    endpoint: "/graphql",
    subscriptionUrl: "/graphql",
    context: async () => context,
  } satisfies PlaygroundRouteOptions);
  return server;
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

// Matches URLs of other servers that a stylesheet or browser script would load. Does not match links in
// comments and texts, because they load nothing.
const FETCHED_FROM_ELSEWHERE =
  /url\(["']?(?:https?:)?\/\/.{0,60}|@import.{0,60}|import\(["']https?:.{0,60}|\/\/(?:unpkg|cdn|esm\.sh|fonts)\b.{0,60}/;

const loadedBy = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? "");

const configOf = (html: string): unknown =>
  JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? "null");

test("the page and all files that it loads come from this server", async () => {
  const app = await playground(sampleContext);

  const page = await app.inject("/playground");

  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/https?:|["'(]\/\//);
  const loaded = loadedBy(page.body).filter((url) => url !== "data:,");
  expect(loaded.length).toBeGreaterThan(5);
  for (const url of loaded) {
    expect(url).toMatch(/^\/playground\/assets\//);
    const asset = await app.inject(url);
    expect(asset.statusCode).toBe(200);
    expect(asset.headers["cache-control"]).toContain("immutable");
    expect(asset.headers["content-type"]).toMatch(/^text\/(css|javascript)/);
    expect(FETCHED_FROM_ELSEWHERE.exec(asset.body)).toBeNull();
  }
});

test("every module that a module of the page imports comes from the same folder", async () => {
  const app = await playground(sampleContext);
  const page = await app.inject("/playground");
  const waiting = loadedBy(page.body).filter((url) => url.endsWith(".client.js"));

  const read = new Set<string>();
  for (const url of waiting) {
    if (read.has(url)) continue;
    read.add(url);
    const asset = await app.inject(url);
    expect([url, asset.statusCode]).toEqual([url, 200]);
    expect(FETCHED_FROM_ELSEWHERE.exec(asset.body)).toBeNull();
    for (const [, name = ""] of asset.body.matchAll(/from "(.*?)"/g)) {
      waiting.push(new URL(name, `http://localhost${url}`).pathname);
    }
  }

  expect(read.size).toBeGreaterThan(10);
});

test("the content security policy allows only this server and no inline code", async () => {
  const app = await playground(sampleContext);

  const first = await app.inject("/playground");
  const second = await app.inject("/playground");

  const policy = String(first.headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  // A take that the page has recorded plays from a blob: URL.
  expect(policy).toContain("media-src 'self' blob:;");
  expect(policy.match(/blob:/g)).toHaveLength(1);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(policy).not.toBe(second.headers["content-security-policy"]);
  expect(first.body).not.toMatch(/<script(?![^>]*(src=|application\/json))|<style|\son\w+=/);
});

test("the page contains tokens, so it is not cached", async () => {
  const app = await playground(sampleContext);

  const page = await app.inject("/playground");

  expect(page.headers["cache-control"]).toBe("no-store");
  expect(page.headers["referrer-policy"]).toBe("no-referrer");
});

test("an id or a name that looks like HTML is escaped", async () => {
  const slug = "</script><script>alert(1)</script><!--\u2028&amp;";
  const app = await playground({
    ...sampleContext,
    ids: { ...sampleContext.ids, narratedStory: { id: "story-1", slug } },
  });

  const page = await app.inject("/playground");

  expect(page.body).not.toContain("alert(1)</script>");
  expect(page.body.match(/<\/script>/g)).toHaveLength(
    loadedBy(page.body).filter(isScript).length + 1,
  );
  expect(JSON.stringify(configOf(page.body))).toContain(JSON.stringify(slug));
});

const isScript = (url: string): boolean => /\.m?js$/.test(url);

test("the panel for the voice has Ada's token, and no token without demo data", async () => {
  const tokens: unknown[] = [];
  for (const context of [sampleContext, null]) {
    const app = await playground(context);
    const page = await app.inject("/playground");
    tokens.push(configOf(page.body));
    expect(page.body).toContain("<summary>Your voice</summary>");
    expect(page.body).toContain("<em>Your voice</em>");
    await app.close();
  }

  expect(tokens).toMatchObject([{ voiceToken: "token-of-ada" }, { voiceToken: null }]);
});

test("without demo data, the page opens without tokens", async () => {
  const app = await playground(null);

  const page = await app.inject("/playground");

  expect(page.statusCode).toBe(200);
  expect(page.body).toContain("query TheShelf");
  expect(page.body).not.toContain("mutation");
  expect(page.body).not.toMatch(/"token":"/);
});

test("an asset of another build or with an unknown name is not found", async () => {
  const app = await playground(null);

  const replies = await Promise.all(
    ["0000000000000000/react.js", "0000000000000000/..%2F..%2Fpackage.json"].map((path) =>
      app.inject(`/playground/assets/${path}`),
    ),
  );

  expect(replies.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
});

test.each([
  ["br", brotliDecompressSync],
  ["gzip", gunzipSync],
])(
  "a file of the page is compressed with %s, and stays the same file",
  async (encoding, decompress) => {
    const app = await playground(sampleContext);
    const page = await app.inject("/playground");
    const url = loadedBy(page.body).find((each) => each.endsWith("graphiql.js")) ?? "";

    const plain = await app.inject({ url, headers: { "accept-encoding": "identity" } });
    const small = await app.inject({ url, headers: { "accept-encoding": encoding } });

    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(small.headers["content-encoding"]).toBe(encoding);
    expect(small.headers.vary).toContain("Accept-Encoding");
    expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3);
    expect(decompress(small.rawPayload).equals(plain.rawPayload)).toBe(true);
  },
);
