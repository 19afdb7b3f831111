import { InMemoryCache } from "@apollo/client/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { type CacheClient, type CacheServer, apollo, graphcache, textOf } from "./cache-clients.js";
import { codeOf, run } from "./clients-page.js";
import { type PartPlace, leavesOf, partNames, partPlaces, valueOf } from "./parts.js";

const schema = buildFabulaSchema();
const [partsCode = "", apolloCode = "", urqlCode = ""] = await codeOf("js");
const parts = run(partsCode, {}) as readonly string[];

/** The parts with at least two fields, so that two pages can read different fields. */
const PLACES = partPlaces(schema)
  .filter(({ part }) => leavesOf(part).length > 1)
  .map((place) => ({ ...place, name: [place.owner, ...place.path.map((f) => f.name)].join(".") }));

type Answer = Readonly<Record<string, unknown>>;

/** Makes the query of a page that reads one field of a part, and the server's answer. */
function pageWith({ owner, part, path }: PartPlace, at: number) {
  const leaf = leavesOf(part).at(at);
  if (!leaf) throw new Error(`${part.name} has no field ${at}.`);
  const names = path.map(({ name }) => name);
  const selected = names.reduceRight((inner, name) => `${name} { ${inner} }`, leaf.name);
  const types = path.map(({ type }) => String(type).replaceAll("!", ""));
  const answer = names.reduceRight<Answer>(
    (inner, name, index) => ({ [name]: { __typename: types[index], ...inner } }),
    { [leaf.name]: valueOf(leaf) },
  );
  return {
    document: `query Page${at < 0 ? "B" : "A"} { node(id: "one") { id ... on ${owner} { ${selected} } } }`,
    answer: { node: { __typename: owner, id: "one", ...answer } },
  };
}

/** Reads a part on two pages, which select different fields. Returns what the first page shows then. */
async function readOnTwoPages(place: PartPlace, clientOf: (server: CacheServer) => CacheClient) {
  const pages = { PageA: pageWith(place, 0), PageB: pageWith(place, -1) };
  const client = clientOf({
    url: "http://localhost/graphql",
    fetch: (_url, init) => {
      const { operationName } = JSON.parse(textOf(init)) as { operationName: keyof typeof pages };
      return Promise.resolve(Response.json({ data: pages[operationName].answer }));
    },
  });
  await client.fetch(pages.PageA.document, {});
  await client.fetch(pages.PageB.document, {});
  return { known: await client.read(pages.PageA.document, {}), answer: pages.PageA.answer };
}

const warned = import.meta.jest.spyOn(console, "warn").mockReturnValue(undefined);
afterEach(() => {
  warned.mockClear();
});
afterAll(() => {
  warned.mockRestore();
});

test("CLIENTS.md names every type without an id", () => {
  expect(parts).toEqual(partNames(schema));
});

test.each(PLACES)("two pages that read different fields of $name keep both", async (place) => {
  const cached = {
    apollo: await readOnTwoPages(place, (server) =>
      apollo(server, run(apolloCode, { parts, InMemoryCache }) as InMemoryCache),
    ),
    graphcache: await readOnTwoPages(place, (server) =>
      graphcache(
        server,
        run(urqlCode, { parts, cacheExchange }) as ReturnType<typeof cacheExchange>,
      ),
    ),
  };

  for (const { known, answer } of Object.values(cached)) {
    expect(withoutTypes(known)).toEqual(withoutTypes(answer));
  }
  expect(warned.mock.calls).toEqual([]);
});

test("without the code of CLIENTS.md, Apollo Client loses the field of the first page", async () => {
  const place = PLACES.find(({ name }) => name === "UserStoryNarration.progress");
  if (!place) throw new Error("A narration has no progress.");
  const { known } = await readOnTwoPages(place, (server) => apollo(server));

  expect(known).toBeNull();
});

/** Graphcache hides the names of types that a document does not select. */
const withoutTypes = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, each: unknown) => (name === "__typename" ? undefined : each)),
  );
