import { execute, parse } from "graphql";
import { type FabulaContext, createContext } from "../../../src/graphql/context.js";
import { noteLists } from "../../../src/graphql/cost/noted-lists.js";
import { Executor, type OperationArgs } from "../../../src/graphql/execution/executor.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { EXECUTION_OPTIONS } from "../../../src/graphql/short-errors.js";
import { withoutRaces } from "../../graphql/execution/answers.js";
import { Dice } from "../../graphql/execution/dice.js";
import { generateOperation } from "../../graphql/execution/generated-operations.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { seedRows } from "../harness/seeded-rows.js";

const OPERATIONS = 1_000;

let app: ApiApp;
let ids: readonly string[];
beforeAll(async () => {
  app = await apiApp({ worker: true });
  ids = await seedRows(app);
}, 60_000);
afterAll(() => app.close());

const contextOf = (name: string | null): FabulaContext =>
  createContext(app.services, name === null ? null : { ...CLAIMS, subject: subjectOf(name) });
const CLAIMS = { email: undefined, displayName: undefined, avatarUrl: undefined };

/** Signed URLs contain the time of their signature. */
const withoutTimes = (json: string): string =>
  json.replace(/(https?:\/\/[^"?]+)\?[^"]*/g, "$1").replace(/"20\d\d-[^"]+Z"/g, '"time"');

test("answers generated queries on real rows like graphql-js, byte for byte", async () => {
  const schema = noteLists(buildFabulaSchema());
  const executor = new Executor(schema);
  let equal = 0;
  let withErrors = 0;
  for (let number = 0; number < OPERATIONS; number++) {
    const dice = new Dice(`query ${number}`);
    const { source, operationName, variables } = generateOperation(schema, dice, {
      ...{ ids: [...ids, "nothing"], levels: 4, hasMutations: false },
    });
    const name = dice.pick(["ada", "ben", null]);
    const args = (): OperationArgs => ({
      ...{ document: parse(source), operationName, variableValues: variables },
      ...{ contextValue: contextOf(name), options: EXECUTION_OPTIONS },
    });

    const expected = withoutTimes(JSON.stringify(await execute({ ...args(), schema })));
    const answer = withoutTimes(JSON.stringify(await executor.execute(args())));

    if (answer === expected) equal += 1;
    if (expected.startsWith('{"errors"')) withErrors += 1;
    expect({ number, source, variables, answer: withoutRaces(answer) }).toEqual({
      ...{ number, source, variables, answer: withoutRaces(expected) },
    });
  }
  expect(withErrors).toBeGreaterThan(OPERATIONS / 20);
  expect(equal).toBeGreaterThan(OPERATIONS * 0.98);
}, 120_000);
