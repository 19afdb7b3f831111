export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** The value of extensions.sql in development. */
export interface SqlCost {
  readonly count: number;
  readonly roundTrips: number;
  readonly statements: readonly {
    readonly path: string;
    readonly rows: number;
    readonly timeMs: number;
    readonly sql: string;
  }[];
}

/** The value of extensions.cost. */
export interface OperationCost {
  readonly requested: number;
  readonly limit: number;
  readonly remaining: number;
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[];
  readonly extensions?: { readonly sql?: SqlCost; readonly cost?: OperationCost };
}

/** The response to a GraphQL operation, with the unchanged body. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly headers: Headers = new Headers(),
  ) {}

  get json(): Body {
    return JSON.parse(this.body) as Body;
  }

  get data(): unknown {
    return this.json.data;
  }

  get errors(): readonly AnsweredError[] {
    return this.json.errors ?? [];
  }

  get sql(): SqlCost {
    const sql = this.json.extensions?.sql;
    if (!sql) throw new Error(`The answer has no extensions.sql: ${this.body}`);
    return sql;
  }

  get cost(): OperationCost {
    const cost = this.json.extensions?.cost;
    if (!cost) throw new Error(`The answer does not tell what it cost: ${this.body}`);
    return cost;
  }

  /** Returns the code of the first error. Returns undefined without errors. */
  get code(): unknown {
    return this.errors[0]?.extensions["code"];
  }

  /** Returns the value at a dotted path. `*` means every entry of a list, so the result is a list. */
  at(path: string): unknown {
    return path.split(".").reduce(stepInto, [this.data])[0];
  }

  text(path: string): string {
    const value = this.at(path);
    if (typeof value === "string") return value;
    throw new Error(`${path} is not a string in ${this.body}`);
  }

  number(path: string): number {
    const value = this.at(path);
    if (typeof value === "number") return value;
    throw new Error(`${path} is not a number in ${this.body}`);
  }

  list(path: string): readonly unknown[] {
    const value = this.at(path);
    if (Array.isArray(value)) return value;
    throw new Error(`${path} is not a list in ${this.body}`);
  }
}

/**
 * Takes one step of a path. `isMany` is true after a `*`: the value is a list, and the step applies to
 * each entry.
 */
function stepInto([value, isMany]: unknown[], step: string): unknown[] {
  if (step === "*") return [isMany ? (value as unknown[]).flat() : value, true];
  if (isMany) return [(value as unknown[]).map((one) => memberOf(one, step)), true];
  return [memberOf(value, step)];
}

const memberOf = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
