import {
  type ExecutionResult,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  buildSchema,
  execute,
  parse,
} from "graphql";
import { Executor, type OperationArgs } from "../../../src/graphql/execution/executor.js";
import { withoutRaces } from "./answers.js";
import { Dice } from "./dice.js";
import { generateOperation } from "./generated-operations.js";
import { STRANGE_VALUES, hostileSchema } from "./hostile-schema.js";

const OPERATIONS = 1_000;
const OPTIONS = { maxCoercionErrors: 5 };

/** Executes an operation once with graphql-js and twice with the executor. Returns the answers as JSON. */
async function answersTo(schema: GraphQLSchema, executor: Executor, args: OperationArgs) {
  const expected = JSON.stringify(await execute({ ...args, schema }));
  const first = JSON.stringify(await executor.execute(args));
  const second = JSON.stringify(await executor.execute(args));
  return { expected, first, second };
}

test("answers generated operations on hostile resolvers like graphql-js, byte for byte", async () => {
  const schema = hostileSchema();
  const executor = new Executor(schema);
  let withErrors = 0;
  let refused = 0;
  let equal = 0;
  for (let number = 0; number < OPERATIONS; number++) {
    const dice = new Dice(`operation ${number}`);
    const operation = generateOperation(schema, dice, {
      ids: ["1", "river"],
      levels: 3,
      hasMutations: true,
    });
    const { source, operationName, variables } = operation;
    const hostility = dice.pick([0, 2, 6, 20]);
    const isAsync = dice.chance(50);
    const { expected, first, second } = await answersTo(schema, executor, {
      ...{ document: parse(source), operationName, variableValues: variables, options: OPTIONS },
      contextValue: { seed: String(number), hostility, isAsync },
    });
    // The order of errors depends on the number of turns that promises take. Without promises it does not.
    const told = isAsync && first !== expected ? withoutRaces : (json: string) => json;
    if (first === expected) equal += 1;
    expect({ number, ...operation, answer: told(first) }).toEqual({
      ...{ number, ...operation },
      answer: told(expected),
    });
    expect(second).toBe(first);
    const { data, errors } = JSON.parse(expected) as ExecutionResult;
    if (data === undefined) refused += 1;
    else if (errors) withErrors += 1;
  }
  expect(equal).toBeGreaterThan(OPERATIONS * 0.9);
  expect(withErrors).toBeGreaterThan(OPERATIONS / 4);
  expect(refused).toBeGreaterThan(OPERATIONS / 50);
}, 60_000);

test.each(["String", "ID", "Boolean", "Int", "Float"])(
  "writes every value of the scalar %s like graphql-js",
  async (scalar) => {
    const schema = buildSchema(
      `type Query { value: ${scalar} values: [${scalar}!] strict: ${scalar}! }`,
    );
    const executor = new Executor(schema);
    for (const value of [...STRANGE_VALUES, null, undefined, new Error("returned")]) {
      for (const source of ["{ value }", "{ values }", "{ strict }"]) {
        const { expected, first, second } = await answersTo(schema, executor, {
          ...{ document: parse(source), rootValue: { value, values: [value], strict: value } },
        });
        expect(first).toBe(expected);
        expect(second).toBe(expected);
      }
    }
  },
);

const SCHEMA = buildSchema(`
  type Query { item(ids: [ID!] = ["a"], text: String): Item items: [Item!] }
  type Item { id: ID! items: [Item!] }
  type Mutation { add(number: Int!): Int }
`);

/** Runs an operation of SCHEMA. The methods of the root are the resolvers. */
const run = (executor: Executor, source: string, rootValue: object) =>
  executor.execute({ document: parse(source), rootValue });

test("resolvers get the same info as from graphql-js", async () => {
  const seen: GraphQLResolveInfo[] = [];
  const item = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push(info);
    return { id: "1" };
  };
  const args: OperationArgs = {
    document: parse(
      "query Named($text: String) { first: item(text: $text) { ...I } } fragment I on Item { id }",
    ),
    ...{ rootValue: { item }, variableValues: { text: "river" } },
  };

  await execute({ ...args, schema: SCHEMA });
  await new Executor(SCHEMA).execute(args);

  const [expected, info] = seen;
  const names = Object.keys(expected ?? {}) as (keyof GraphQLResolveInfo)[];
  expect(names).toHaveLength(10);
  for (const name of names) expect(info?.[name]).toEqual(expected?.[name]);
});

test("requests share constant arguments, so no resolver can change them", async () => {
  const executor = new Executor(SCHEMA);
  const document = parse("{ item { id } }");
  const seen: { readonly ids: string[] }[] = [];
  const rootValue = {
    item: (args: { readonly ids: string[] }) => {
      seen.push(args);
      args.ids.push("b");
      return null;
    },
  };

  const answers = [
    await executor.execute({ document, rootValue }),
    await executor.execute({ document, rootValue }),
  ];

  expect(seen).toEqual([{ ids: ["a"] }, { ids: ["a"] }]);
  expect(answers.map(({ errors }) => errors?.[0]?.message)).toEqual([
    "Cannot add property 1, object is not extensible",
    "Cannot add property 1, object is not extensible",
  ]);
});

test("the fields of a mutation run one after the other, also after one that fails", async () => {
  const steps: string[] = [];
  const add = async ({ number }: { readonly number: number }) => {
    steps.push(`begin ${number}`);
    await Promise.resolve();
    steps.push(`end ${number}`);
    if (number === 2) throw new Error("Two is refused.");
    return number;
  };

  const answer = await run(
    new Executor(SCHEMA),
    "mutation { a: add(number: 1) b: add(number: 2) c: add(number: 3) }",
    { add },
  );

  expect(steps).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
  expect(JSON.stringify(answer.data)).toBe('{"a":1,"b":null,"c":3}');
});

test("an entry that fails at once leaves no rejection of an earlier entry unhandled", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  const items = () => [Promise.reject(new Error("later")), new Error("now")];

  const answer = await run(new Executor(SCHEMA), "{ items { id } }", { items });
  await new Promise(setImmediate);

  process.off("unhandledRejection", note);
  expect(answer.errors?.map(({ message, path }) => [message, path])).toEqual([
    ["now", ["items", 1]],
  ]);
  expect(unhandled).toEqual([]);
});

test("thousands of different documents do not fill the memory", async () => {
  const executor = new Executor(SCHEMA);
  const nested = (number: number) =>
    `{ item(text: "${number}") ${"{ items ".repeat(10)}{ id } ${"}".repeat(10)} }`;

  for (let number = 0; number < 3_000; number++) await run(executor, nested(number), {});

  expect(executor.planCount).toBeGreaterThan(100);
  expect(executor.planCount).toBeLessThan(1_500);
});

test("thousands of selections without fields do not fill the memory", async () => {
  const executor = new Executor(SCHEMA);
  const names = Array.from({ length: 12 }, (_, at) => `v${at}`);
  const declared = names.map((name) => `$${name}: Boolean!`).join(" ");
  const fields = names.map((name) => `${name}: __typename @include(if: $${name})`).join(" ");
  const document = parse(
    `query ($never: Boolean!, ${declared}) { ... @include(if: $never) { ${fields} } }`,
  );

  for (let number = 0; number < 4_000; number++) {
    const flags = names.map((name, at) => [name, ((number >> at) & 1) === 1] as const);
    const variableValues = { never: false, ...Object.fromEntries(flags) };
    expect(await executor.execute({ document, variableValues })).toEqual({ data: {} });
    if (executor.planCount === 0) return;
  }
  throw new Error("The plan was kept for ever.");
});

test("a document with a very long text is not kept", async () => {
  const executor = new Executor(SCHEMA);

  const answer = await run(executor, `{ item(text: "${"x".repeat(2_000_000)}") { id } }`, {});

  expect(JSON.stringify(answer)).toBe('{"data":{"item":null}}');
  expect(executor.planCount).toBe(0);
});
