import { request } from "node:http";
import { type ApiApp, apiApp } from "../../support/api.js";

let local: ApiApp;
let configured: ApiApp;
beforeAll(async () => {
  local = await apiApp();
  configured = await apiApp({ corsOrigins: ["https://fabula.example"] });
});
afterAll(async () => {
  await local.close();
  await configured.close();
});

const askFirst = async (url: string | URL, origin: string, method: string): Promise<Headers> => {
  const response = await fetch(url, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": method,
      "access-control-request-headers": "authorization,content-type",
    },
  });
  await response.arrayBuffer();
  return response.headers;
};

const preflight = async ({ url }: ApiApp, origin: string): Promise<string | null> =>
  (await askFirst(url, origin, "POST")).get("access-control-allow-origin");

/** Returns the HTTP status of an upgrade to WebSocket. */
const upgrade = ({ url }: ApiApp, origin: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request(url, {
      headers: {
        origin,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": Buffer.from("sixteen letters!").toString("base64"),
        "sec-websocket-protocol": "graphql-transport-ws",
      },
    });
    asking.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asking.on("response", (response) => {
      response.destroy();
      resolve(response.statusCode);
    });
    asking.on("error", reject);
    asking.end();
  });

const LOCAL = ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:8080"];
const FOREIGN = [
  "https://evil.example",
  "http://localhost.evil.example",
  "https://evil.example/http://localhost",
  "null",
];

test.each(LOCAL)("a page of %s may call in development", async (origin) => {
  expect(await preflight(local, origin)).toBe(origin);
  expect(await upgrade(local, origin)).toBe(101);
});

test.each(FOREIGN)("a page of %s may not call in development", async (origin) => {
  expect(await preflight(local, origin)).toBeNull();
  expect(await upgrade(local, origin)).toBe(401);
});

test("only configured origins may call", async () => {
  expect(await preflight(configured, "https://fabula.example")).toBe("https://fabula.example");
  expect(await upgrade(configured, "https://fabula.example")).toBe(101);
  for (const origin of ["http://localhost:3000", "https://fabula.example.evil.example"]) {
    expect(await preflight(configured, origin)).toBeNull();
    expect(await upgrade(configured, origin)).toBe(401);
  }
});

test("pages that may call may send a file, and no other page may", async () => {
  const upload = new URL("/uploads/of-ada/1?signature=a", configured.url);

  const allowed = await askFirst(upload, "https://fabula.example", "PUT");
  const foreign = await askFirst(upload, "https://evil.example", "PUT");
  const sent = await fetch(upload, { method: "PUT", headers: { origin: "https://evil.example" } });

  expect(allowed.get("access-control-allow-origin")).toBe("https://fabula.example");
  expect(allowed.get("access-control-allow-methods")?.split(", ")).toContain("PUT");
  expect(allowed.get("access-control-allow-headers")).toContain("content-type");
  expect(foreign.get("access-control-allow-origin")).toBeNull();
  expect(sent.headers.get("access-control-allow-origin")).toBeNull();
});

test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
  "a form of another site, sent as %s, changes nothing",
  async (contentType) => {
    const body = JSON.stringify({
      query: `mutation { createStory(input: { title: "T", content: "W." }) { story { id } } }`,
    });

    const answer = await local.as("ada").post(body, { "content-type": contentType });

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.errors).not.toEqual([]);
    expect(await local.superuser("SELECT FROM reference.stories")).toEqual([]);
  },
);

const QUERY = encodeURIComponent("{ stories { totalCount } }");

test("a link on another site changes nothing", async () => {
  const mutation = encodeURIComponent(
    `mutation { createStory(input: { title: "T", content: "W." }) { story { id } } }`,
  );

  const changing = await fetch(`${local.url}?query=${mutation}`);

  expect(changing.status).toBe(405);
  expect(await local.superuser("SELECT FROM reference.stories")).toEqual([]);
});

test.each([
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
  { origin: "https://evil.example" },
])("a page of another site spends nothing with %j", async (headers) => {
  const answer = await fetch(`${local.url}?query=${QUERY}`, { headers });

  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain("CORS_ORIGINS");
});

test.each([
  {},
  { "sec-fetch-site": "none" },
  { "sec-fetch-site": "same-origin" },
  { "sec-fetch-site": "cross-site", origin: "http://localhost:3000" },
])("a query in a GET with %j is answered", async (headers) => {
  const answer = await fetch(`${local.url}?query=${QUERY}`, { headers });

  expect(answer.status).toBe(200);
});

const ORIGIN = "https://fabula.example";

const JSON_BODY = { "content-type": "application/json" };

interface Refused {
  readonly path: string;
  readonly sent?: RequestInit;
  readonly headers?: Record<string, string>;
}

const REFUSED: Readonly<Record<string, Refused>> = {
  "an unknown path": { path: "/nothing" },
  "an invalid path": { path: "/%zz" },
  "a wrong method": { path: "/graphql", sent: { method: "DELETE" } },
  "a body that is no JSON": { path: "/graphql", sent: { method: "POST", body: "{" } },
  "a large body": { path: "/graphql", sent: { method: "POST", body: "x".repeat(200_000) } },
  "a wrong token": {
    path: "/graphql",
    sent: { method: "POST" },
    headers: { authorization: "Bearer a.b.c" },
  },
  "large headers": { path: "/graphql", headers: { "x-long": "x".repeat(20_000) } },
  "an unsigned URL of a sound": { path: "/media/abc" },
  "an unsigned upload": { path: "/uploads/of-ada/1", sent: { method: "PUT", body: "x" } },
};

test.each(Object.entries(REFUSED))("a page may read the refusal of %s", async (_name, refused) => {
  const answer = await fetch(new URL(refused.path, configured.url), {
    ...refused.sent,
    headers: { ...JSON_BODY, ...refused.headers, origin: ORIGIN },
  });

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect([ORIGIN, "*"]).toContain(answer.headers.get("access-control-allow-origin"));
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
});

test("a browser keeps the answer of a preflight, and may read when to come again", async () => {
  const preflight = await askFirst(configured.url, ORIGIN, "POST");
  const answer = await fetch(configured.url, { headers: { origin: ORIGIN } });

  expect(preflight.get("access-control-max-age")).toBe("7200");
  expect(answer.headers.get("access-control-expose-headers")).toContain("Retry-After");
});

test.each([
  ["a person's way to the playground", "/graphql", "text/html"],
  ["a question to the API", "/graphql", "*/*"],
  ["the page", "/playground", "text/html"],
  ["an unknown path", "/nothing", "*/*"],
])("a cache knows that %s depends on the page that asks", async (_name, path, accept) => {
  const app = await apiApp({ corsOrigins: [ORIGIN], playground: () => Promise.resolve(null) });

  const answer = await fetch(new URL(path, app.url), {
    headers: { accept, origin: ORIGIN },
    redirect: "manual",
  });
  await answer.arrayBuffer();
  await app.close();

  const vary = (answer.headers.get("vary") ?? "").split(", ");
  expect(vary).toContain("Origin");
  expect(vary.includes("Accept")).toBe(path === "/graphql");
});
