import type { FastifyReply, FastifyRequest } from "fastify";
import { type DocumentNode, OperationTypeNode, getOperationAST } from "graphql";
import type { FabulaContext } from "../../graphql/context.js";
import type { CostGate } from "../../graphql/cost/gate.js";
import { ValidDocuments } from "../../graphql/execution/valid-documents.js";
import type { MakeSqlReport } from "../../graphql/sql-report.js";
import { isGiven } from "../../graphql/given.js";
import type { Executions } from "./executions.js";

/** The maximum memory of the kept documents, in bytes. The documents of a client app need some megabytes. */
const MAX_BYTES = 16_000_000;

const JSON_BODY = /^application\/json(; ?charset=utf-8)?$/i;
/** Apollo answers these values of Accept with JSON_ANSWER. */
const ACCEPTED: ReadonlySet<string | undefined> = new Set([undefined, "*/*", "application/json"]);
const JSON_ANSWER = "application/json; charset=utf-8";

interface PlainBody {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
}

/**
 * Answers the usual requests like Apollo, byte for byte, with a tenth of the work: a POST of JSON, with a
 * document that Apollo has validated before. Leaves everything else to Apollo, also each answer with errors.
 */
export class DirectAnswers {
  private readonly documents = new ValidDocuments(MAX_BYTES);
  private readonly contexts = new WeakMap<FastifyRequest, FabulaContext>();

  constructor(
    private readonly gate: CostGate,
    private readonly newContext: (request: FastifyRequest, reply: FastifyReply) => FabulaContext,
    private readonly report: MakeSqlReport,
  ) {}

  /** Keeps a valid document. */
  readonly keep = (source: string, document: DocumentNode): void => {
    this.documents.keep(source, document);
  };

  /** Returns null if Apollo must answer. */
  async answer(
    executions: Executions,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Buffer | null> {
    const body = plainBodyOf(request);
    const document = body && this.documents.find(body.query);
    if (!document) return null;
    const contextValue = this.newContext(request, reply);
    if (!this.isAdmitted(contextValue, document, body)) return null;
    const data = await executions.dataOf({
      ...{ document, contextValue },
      ...{ operationName: body.operationName, variableValues: body.variables },
    });
    if (!data) {
      this.contexts.set(request, contextValue);
      return null;
    }
    void reply.header("content-type", JSON_ANSWER);
    // Node would convert a text twice: once for its length, and once for its bytes.
    return Buffer.from(JSON.stringify({ data, extensions: this.extensionsOf(contextValue) }));
  }

  /** Returns the context in which the operation of a request was executed, or a new one. */
  contextOf(request: FastifyRequest, reply: FastifyReply): FabulaContext {
    return this.contexts.get(request) ?? this.newContext(request, reply);
  }

  private isAdmitted(
    context: FabulaContext,
    document: DocumentNode,
    { operationName, variables }: PlainBody,
  ): boolean {
    const operation = getOperationAST(document, operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return false;
    try {
      this.gate.admitOperation(context, { document, operation, variables });
      return true;
    } catch {
      // Apollo asks again, and answers with the reason.
      return false;
    }
  }

  private extensionsOf(context: FabulaContext): Readonly<Record<string, unknown>> {
    const { sqlMeter } = context;
    const cost = this.gate.settle(context);
    return { ...(cost && { cost }), ...(sqlMeter && { sql: this.report(sqlMeter) }) };
  }
}

function plainBodyOf({ headers, body }: FastifyRequest): PlainBody | null {
  if (!JSON_BODY.test(headers["content-type"] ?? "") || !ACCEPTED.has(headers.accept)) return null;
  return isRecord(body) && isPlain(body) ? body : null;
}

/** Apollo refuses the other types, and knows what extensions mean. */
const isPlain = (body: Record<string, unknown>): body is Record<string, unknown> & PlainBody => {
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== "string" || isGiven(extensions)) return false;
  if (isGiven(operationName) && typeof operationName !== "string") return false;
  return !isGiven(variables) || isRecord(variables);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
