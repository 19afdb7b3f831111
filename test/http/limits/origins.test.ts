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

test("a link on another site changes nothing", async () => {
  const query = encodeURIComponent("{ stories { totalCount } }");
  const mutation = encodeURIComponent(`mutation { createStory(input: {}) { story { id } } }`);

  const plain = await fetch(`${local.url}?query=${query}`);
  const changing = await fetch(`${local.url}?query=${mutation}`, {
    headers: { "apollo-require-preflight": "1" },
  });

  expect(plain.status).toBe(400);
  expect(await plain.text()).toContain("CSRF");
  expect([400, 405]).toContain(changing.status);
});
