import { meterClient, newSqlMeter } from "../../src/platform/database/connection/metered-client.js";
import { cpuSeconds } from "../cpu-seconds.js";
import { postgresCpuMs } from "../page/processes.js";
import type { Call, WriteCase } from "./cases.js";

/** What one call costs. */
export interface Cost {
  readonly serverMs: number;
  readonly databaseMs: number;
  /** Statements that use tables. */
  readonly statements: number;
}

/** The mean costs of the calls of one round. */
export interface Round {
  readonly served: Cost;
  readonly plain: Cost;
}

/** Runs the calls of both sides in turn, each on rows of its own. @param postmaster the process of PostgreSQL */
export async function runRound({ calls, prepare }: WriteCase, postmaster: number): Promise<Round> {
  const costs = { served: new Array<Cost>(), plain: new Array<Cost>() };
  for (let call = 0; call < calls * 2; call += 1) {
    const side = call % 2 === 0 ? "served" : "plain";
    const prepared = await prepare();
    costs[side].push(await costOf(prepared[side], postmaster));
    await prepared.clean();
  }
  return { served: meanOf(costs.served), plain: meanOf(costs.plain) };
}

export const totalMs = ({ serverMs, databaseMs }: Cost): number => serverMs + databaseMs;

async function costOf(call: Call, postmaster: number): Promise<Cost> {
  const meter = newSqlMeter();
  const databaseBefore = postgresCpuMs(postmaster);
  const serverBefore = cpuSeconds();
  await meterClient(meter, null, call);
  const serverMs = (cpuSeconds() - serverBefore) * 1_000;
  const databaseMs = postgresCpuMs(postmaster) - databaseBefore;
  return { serverMs, databaseMs, statements: meter.statements.length };
}

function meanOf(costs: readonly Cost[]): Cost {
  const mean = (pick: (cost: Cost) => number): number =>
    costs.reduce((sum, cost) => sum + pick(cost), 0) / costs.length;
  return {
    serverMs: mean(({ serverMs }) => serverMs),
    databaseMs: mean(({ databaseMs }) => databaseMs),
    statements: mean(({ statements }) => statements),
  };
}
