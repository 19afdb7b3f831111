import { buildSchema, parse } from "graphql";
import type { Executor } from "../../../src/graphql/execution/executor.js";
import { executorGateway } from "../../../src/http/graphql/executor-gateway.js";
import { WaveCount } from "../../../src/platform/database/transactions/wave-count.js";

type Gateway = ReturnType<typeof executorGateway>;
type Request = Parameters<Awaited<ReturnType<Gateway["load"]>>["executor"] & object>[0];

/** Executes operations with waves of reads, and with errors if `fails` is true. */
async function gatewayWith(answer: { waves: number; fails?: boolean }) {
  const executor = {
    execute: ({ contextValue }: { contextValue: { waves: WaveCount } }) => {
      for (let n = 0; n < answer.waves; n += 1) contextValue.waves.beginWave();
      return answer.fails ? { errors: ["No."] } : { data: {} };
    },
  };
  const gateway = executorGateway(
    buildSchema("type Query { a: Int }"),
    executor as unknown as Executor,
  );
  gateway.onSchemaLoadOrUpdate(() => undefined);
  const { executor: execute } = await gateway.load({} as Parameters<Gateway["load"]>[0]);
  return async (document: unknown): Promise<WaveCount> => {
    const waves = new WaveCount();
    await execute?.({ document, request: {}, context: { waves } } as unknown as Request);
    return waves;
  };
}

const PAGE = parse("{ a }");

test("a request with a known document knows its last wave, and a first request does not", async () => {
  const execute = await gatewayWith({ waves: 2 });

  const first = await execute(PAGE);
  const second = await execute(PAGE);
  const other = await execute(parse("{ a }"));

  expect([first.isLast, second.isLast, other.isLast]).toEqual([false, true, false]);
});

test("a request with errors tells nothing about the next request", async () => {
  const execute = await gatewayWith({ waves: 1, fails: true });

  await execute(PAGE);

  expect((await execute(PAGE)).isLast).toBe(false);
});
