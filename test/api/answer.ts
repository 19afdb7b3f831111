export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What extensions.sql holds in development. */
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

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[];
  readonly extensions?: { readonly sql?: SqlCost };
}

/** A response to a GraphQL operation, with its bytes as they came. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: string,
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
    if (!sql) throw new Error(`The answer tells nothing of SQL: ${this.body}`);
    return sql;
  }

  /** The code of the one error; undefined where there is none. */
  get code(): unknown {
    return this.errors[0]?.extensions["code"];
  }

  /** A value by its dotted path; `*` stands for every entry of a list, which gives a list. */
  at(path: string): unknown {
    return path.split(".").reduce(stepInto, [this.data])[0];
  }

  text(path: string): string {
    const value = this.at(path);
    if (typeof value === "string") return value;
    throw new Error(`${path} is no text in ${this.body}`);
  }

  number(path: string): number {
    const value = this.at(path);
    if (typeof value === "number") return value;
    throw new Error(`${path} is no number in ${this.body}`);
  }

  list(path: string): readonly unknown[] {
    const value = this.at(path);
    if (Array.isArray(value)) return value;
    throw new Error(`${path} is no list in ${this.body}`);
  }
}

/** `[value]`, one step further: after a `*` the value is a list whose entries go on together. */
function stepInto([value, isMany]: unknown[], step: string): unknown[] {
  if (step === "*") return [isMany ? (value as unknown[]).flat() : value, true];
  if (isMany) return [(value as unknown[]).map((one) => memberOf(one, step)), true];
  return [memberOf(value, step)];
}

const memberOf = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
