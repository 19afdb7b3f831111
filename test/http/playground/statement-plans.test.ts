import { StatementPlans } from "../../../src/http/playground/statement-plans.js";
import { type ApiApp, apiApp } from "../../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ playground: () => Promise.resolve(null) });
});
afterAll(() => app.close());

interface Report {
  readonly statements: readonly { readonly sql: string; readonly plan?: string }[];
}

const reportOf = async (of: ApiApp, query: string): Promise<Report> => {
  const { json } = await of.as("ada").query(query);
  return (json.extensions as { sql: Report }).sql;
};

const QUERY = `{ stories(first: 3, search: "stove") { totalCount edges { node { title
  userNarrations(first: 2) { edges { node { title segments(first: 2) { edges { node { text } } } } } } } } } }`;

test("every statement of an answer has the URL of its plan", async () => {
  const { statements } = await reportOf(app, QUERY);

  expect(statements.length).toBeGreaterThan(0);
  for (const { plan = "" } of statements) {
    const answer = await fetch(new URL(plan, app.url));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      ...[200, "text/plain; charset=utf-8"],
    ]);
    expect(await answer.text()).toMatch(/cost=\d+\.\d+\.\.\d+/);
  }
});

test("a plan does not run its statement", async () => {
  const { statements } = await reportOf(
    app,
    `mutation { createStory(input: { title: "Fog", content: "Mist came in." }) { story { id } } }`,
  );
  const insert = statements.find(({ sql }) => sql.startsWith("INSERT INTO reference.stories"));

  const answer = await fetch(new URL(insert?.plan ?? "", app.url));

  expect(await answer.text()).toContain("Insert on stories");
  expect(await app.superuser("SELECT FROM reference.stories")).toHaveLength(1);
});

test.each(["LISTEN changes", "SELECT $1 + nothing FROM nowhere"])(
  "PostgreSQL's reason stands in the place of the plan of %s",
  async (sql) => {
    const plans = new StatementPlans(app.database);
    const key = plans.urlOf(sql).split("/").at(-1) ?? "";

    const plan = await plans.explain(key);

    expect(plan?.join()).toMatch(/^PostgreSQL has no plan for this statement: /);
  },
);

test.each(["nothing", "000000000000000000000000", "SELECT%201"])(
  "the key %s has no plan",
  async (key) => {
    const answer = await fetch(new URL(`/playground/plans/${key}`, app.url));

    expect(answer.status).toBe(404);
  },
);

test("a server in production, and a server without a playground, have no plans", async () => {
  const production = await apiApp({ isProduction: true, playground: () => Promise.resolve(null) });
  const alone = await apiApp();

  const { statements } = await reportOf(alone, QUERY);
  const answer = await fetch(new URL("/playground/plans/nothing", production.url));
  await Promise.all([production.close(), alone.close()]);

  expect(statements.filter(({ plan }) => plan !== undefined)).toEqual([]);
  expect(answer.status).toBe(404);
});
