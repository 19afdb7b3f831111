import { request } from "node:http";
import { serverAudits } from "graphql-http";
import { type ApiApp, apiApp } from "../../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ playground: () => Promise.resolve(null) });
});
afterAll(() => app.close());

/** One test for each audit of the working group on GraphQL over HTTP. */
const AUDITS = serverAudits({ url: () => app.url, fetchFn: fetch });

test("the suite of the working group has its 61 audits", () => {
  expect(AUDITS).toHaveLength(61);
});

test.each(AUDITS)("$id $name", async (audit) => {
  const result = await audit.fn();

  expect(result.status === "ok" ? "" : result.reason).toBe("");
});

const QUERY = "query ($first: Int!) { stories(first: $first) { totalCount } }";

const REFUSED: Readonly<Record<string, object>> = {
  "a document with a syntax error": { query: "{" },
  "a document with an unknown field": { query: "{ nothing }" },
  "a variable of a wrong type": { query: QUERY, variables: { first: "two" } },
  "a missing variable": { query: QUERY },
  "an unknown operation": { query: "query A { __typename }", operationName: "B" },
};

const JSON_FIRST = ["*/*", "application/json", "application/json, text/plain, */*"];
const GRAPHQL_FIRST = [
  "application/graphql-response+json",
  "application/graphql-response+json, application/json;q=0.9",
];

test.each(Object.entries(REFUSED))("%s has status 200 only as plain JSON", async (_name, body) => {
  const statusesOf = (types: readonly string[]) =>
    Promise.all(
      types.map(async (accept) => {
        const { status, json } = await app.anonymous().post(JSON.stringify(body), { accept });
        expect(json.data).toBeUndefined();
        return status;
      }),
    );

  expect(await statusesOf(JSON_FIRST)).toEqual([200, 200, 200]);
  expect(await statusesOf(GRAPHQL_FIRST)).toEqual([400, 400]);
});

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

test("a browser that opens the address of the API arrives at the playground", async () => {
  const answer = await fetch(app.url, { headers: { accept: BROWSER }, redirect: "manual" });

  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toBe("/playground");
});

test("a query in the address is answered, also in a browser", async () => {
  const answer = await fetch(`${app.url}?query={__typename}`, { headers: { accept: BROWSER } });

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ data: { __typename: "Query" } });
});

test("without a playground, the address of the API asks for a query", async () => {
  const alone = await apiApp();

  const answer = await fetch(alone.url, { headers: { accept: BROWSER }, redirect: "manual" });
  await alone.close();

  expect(answer.status).toBe(400);
});

/** Sends a request as it is. `fetch` adds headers, and decompresses answers. */
const sizeOf = (body: object, headers: Record<string, string>) =>
  new Promise<{ encoding: string | undefined; vary: string | undefined; bytes: number }>(
    (resolve, reject) => {
      const sent = request(app.url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
      });
      sent.on("error", reject);
      sent.on("response", (answer) => {
        let bytes = 0;
        answer.on("data", (part: Buffer) => (bytes += part.length));
        answer.on("end", () => {
          const { "content-encoding": encoding, vary } = answer.headers;
          resolve({ encoding, vary, bytes });
        });
      });
      sent.end(JSON.stringify(body));
    },
  );

const LONG = { query: "{ __schema { types { name description fields { name description } } } }" };

test.each([
  ["br, gzip", "br"],
  ["gzip", "gzip"],
])("a long answer is compressed for a client that takes %s", async (accepted, encoding) => {
  const plain = await sizeOf(LONG, {});
  const small = await sizeOf(LONG, { "accept-encoding": accepted });

  expect(plain.encoding).toBeUndefined();
  expect(small.encoding).toBe(encoding);
  expect(small.vary?.toLowerCase()).toContain("accept-encoding");
  expect(small.bytes).toBeLessThan(plain.bytes / 4);
});

test("a short answer stays as it is", async () => {
  const { encoding } = await sizeOf({ query: "{ __typename }" }, { "accept-encoding": "br, gzip" });

  expect(encoding).toBeUndefined();
});

test.each(["iso-8859-1", "utf-16", '"windows-1252"'])(
  "a body in the charset %s is refused",
  async (charset) => {
    const answer = await app
      .anonymous()
      .post(`{"query":"{__typename}"}`, { "content-type": `application/json; charset=${charset}` });

    expect([answer.status, answer.code]).toEqual([415, "BAD_USER_INPUT"]);
    expect(answer.errors[0]?.message).toContain("UTF-8");
  },
);

test.each(["utf-8", "UTF8", '"utf-8"', "us-ascii"])("a body in %s is read", async (charset) => {
  const answer = await app
    .anonymous()
    .post(`{"query":"{__typename}"}`, { "content-type": `application/json; charset=${charset}` });

  expect(answer.data).toEqual({ __typename: "Query" });
});
