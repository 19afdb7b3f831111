import type { GraphQLRequestContext, GraphQLRequestListener } from "@apollo/server";
import { type DocumentNode, buildSchema, parse } from "graphql";
import type { FabulaContext } from "../../../src/graphql/context.js";
import type { Executor } from "../../../src/graphql/execution/executor.js";
import { Executions } from "../../../src/http/graphql/executions.js";
import { WaveCount } from "../../../src/platform/database/transactions/wave-count.js";

type Listener = GraphQLRequestListener<FabulaContext>;
type OperationRequest = Parameters<NonNullable<Listener["responseForOperation"]>>[0];

const schema = buildSchema("type Query { a: Int }");

/** Executes operations with waves of reads. The result has errors if `fails` is true. */
async function executing(answer: { waves: number; fails?: boolean }) {
  const executor = {
    execute: ({ contextValue }: { contextValue: { waves: WaveCount } }) => {
      for (let n = 0; n < answer.waves; n += 1) contextValue.waves.beginWave();
      return answer.fails ? { errors: ["No."] } : { data: {} };
    },
  };
  const { plugin } = new Executions(schema, executor as unknown as Executor, () => undefined);
  const listener =
    (await plugin.requestDidStart?.({} as GraphQLRequestContext<FabulaContext>)) ?? undefined;
  return async (document: DocumentNode): Promise<WaveCount> => {
    const waves = new WaveCount();
    const request = { document, request: {}, contextValue: { waves } };
    await listener?.responseForOperation?.(request as unknown as OperationRequest);
    return waves;
  };
}

const PAGE = parse("{ a }");

test("a request with a known document knows its last wave, and a first request does not", async () => {
  const execute = await executing({ waves: 2 });

  const first = await execute(PAGE);
  const second = await execute(PAGE);
  const other = await execute(parse("{ a }"));

  expect([first.isLast, second.isLast, other.isLast]).toEqual([false, true, false]);
});

test("a request with errors tells nothing about the next request", async () => {
  const execute = await executing({ waves: 1, fails: true });

  await execute(PAGE);

  expect((await execute(PAGE)).isLast).toBe(false);
});
