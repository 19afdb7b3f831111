import {
  GraphQLEnumType,
  GraphQLError,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLSchema,
  extendSchema,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  responsePathAsArray,
} from "graphql";
import { Dice } from "./dice.js";

const SDL = `
  schema { query: Query mutation: Mutation }
  input Filter { mood: Mood = GLAD limit: Int! = 3 names: [String!] inner: Filter }
  input By @oneOf { id: ID name: String }

  interface Named { id: ID! name: String boss: Person twin: Named }
  interface Tagged implements Named { id: ID! name: String boss: Person twin: Named tags: [String!] }
  union Thing = Person | Robot | Loose

  type Person implements Named {
    id: ID! name: String strict: String! age: Int height: Float! alive: Boolean mood: Mood strictMood: Mood!
    born: Time boss: Person strictBoss: Person! friends: [Person] strictFriends: [Person!]!
    grid: [[Int!]] strictGrid: [[Int!]!]! things: [Thing] strictThings: [Thing!]! thing: Thing twin: Named
    echo(filter: Filter, by: By, count: Int = 5, strict: Int! = 7, list: [Int!]): String
    need(id: ID!, moods: [Mood]): Person
  }
  type Robot implements Named & Tagged {
    id: ID! name: String tags: [String!] boss: Person strictBoss: Person! model: Int! twin: Named maker: Tagged
  }
  type Loose { size: Float weights: [Float!]! owner: Named strictOwner: Named! parts: [[Thing!]] }

  type Query {
    person(by: By): Person strictPerson: Person! robot: Robot named: Named strictNamed: Named! tagged: Tagged
    thing: Thing things(first: Int, filter: Filter): [Thing!] people: [Person]! strictPeople: [Person!]! text: String
  }
  type Mutation { first: Person second(by: By!): Thing third: [Named!] strictFourth: Int! }
`;

// The values have other names inside the server.
const Mood = new GraphQLEnumType({
  name: "Mood",
  values: { GLAD: { value: 1 }, SAD: { value: { is: "sad" } } },
});

const Time = new GraphQLScalarType({
  name: "Time",
  serialize: (value) => {
    if (typeof value !== "number") throw new TypeError(`No time: ${String(value)}`);
    // A scalar that writes nothing is a bug, which graphql-js reports.
    return value % 7 === 0 ? undefined : new Date(value * 1e9).toISOString();
  },
});

/** Values that fit no type, or that a scalar writes in another way. */
export const STRANGE_VALUES: readonly unknown[] = [
  ...[{}, [], new Array(2), Object.create(null), () => 1, "wrong", "", "12", true, 7n],
  ...[
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1.5,
    -0,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
  ],
];

/** These fields have no resolver. The server reads the property of the source. */
const PROPERTIES: ReadonlySet<string> = new Set([
  ...["name", "strict", "boss", "grid", "tags", "size", "echo"],
]);

/** What decides all values of one execution. */
export interface HostileContext {
  readonly seed: string;
  /** How many of 100 values are hostile. */
  readonly hostility: number;
  /** True if some values are promises. */
  readonly isAsync: boolean;
}

/**
 * Makes a schema whose resolvers do everything that resolvers can do: they throw, reject, and return nulls,
 * wrong values, errors, promises, iterables and methods. A value depends only on the context and on its path.
 */
export function hostileSchema(): GraphQLSchema {
  const schema = extendSchema(new GraphQLSchema({ types: [Mood, Time] }), parse(SDL));
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      if (PROPERTIES.has(field.name)) continue;
      field.resolve = (_source, args, context: HostileContext, info) => {
        const key = responsePathAsArray(info.path).join(".");
        return new Values(schema, context, `${key}${JSON.stringify(args)}`).ofField(field.type);
      };
    }
    if (type.name === "Person" || type.name === "Robot") {
      type.isTypeOf = (source, context: HostileContext) =>
        source instanceof Source && source.isOf(type.name, context);
    }
  }
  const named = schema.getType("Named");
  if (isInterfaceType(named)) {
    named.resolveType = (source: unknown, context: HostileContext) =>
      source instanceof Source ? source.resolvedName(context) : undefined;
  }
  return schema;
}

/** The values of one place in an answer. */
class Values {
  private readonly dice: Dice;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly context: HostileContext,
    private readonly key: string,
  ) {
    this.dice = new Dice(`${context.seed} ${key}`);
  }

  ofField(type: GraphQLOutputType): unknown {
    return this.hostileOr(() => this.of(type));
  }

  private hostileOr(make: () => unknown): unknown {
    const { dice, key } = this;
    if (dice.chance(this.context.hostility)) {
      return dice.pick([
        () => fail(new Error(`Thrown at ${key}`)),
        () => fail(new GraphQLError(`Refused at ${key}`, { extensions: { code: key.length } })),
        () => fail(`A text at ${key}`),
        () => this.later(() => fail(new Error(`Rejected at ${key}`))),
        () => this.later(() => fail(null)),
        () => null,
        () => undefined,
        () => this.later(() => null),
        () => new Error(`Returned at ${key}`),
        () => this.later(() => new Error(`Returned later at ${key}`)),
        () => dice.pick(STRANGE_VALUES),
      ])();
    }
    return dice.chance(40) ? this.later(make) : make();
  }

  private of(type: GraphQLOutputType): unknown {
    const { dice } = this;
    if (isNonNullType(type)) return this.of(type.ofType);
    if (isListType(type)) return this.list(type.ofType);
    if (isEnumType(type)) return dice.pick(type.getValues()).value;
    if (isObjectType(type)) return this.source(type.name);
    if (isAbstractType(type))
      return this.source(dice.pick(this.schema.getPossibleTypes(type)).name);
    if (type.name === "Boolean") return dice.chance(50);
    return type.name === "String" ? `text ${this.key}` : dice.roll(1000);
  }

  private source(typeName: string): Source {
    const { key, dice } = this;
    const source = new Source(key, typeName);
    const isNamed = dice.chance(typeName === "Loose" ? 90 : 50);
    if (isNamed) Object.assign(source, { __typename: typeName });
    const type = this.schema.getType(typeName);
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    for (const { name, type: fieldType } of fields.filter((field) => PROPERTIES.has(field.name))) {
      const read = (args: unknown): unknown =>
        new Values(this.schema, this.context, `${key}.${name}${JSON.stringify(args)}`).ofField(
          fieldType,
        );
      const isMethod = name === "echo" || dice.chance(40);
      Object.defineProperty(source, name, { get: () => (isMethod ? read : read({})) });
    }
    return source;
  }

  private list(type: GraphQLOutputType): unknown {
    const { dice } = this;
    // graphql-js leaves a rejection unhandled if an entry without null throws after a promise. Then all
    // entries are promises here, because nothing may be unhandled in a test.
    const isStrict = isNonNullType(type);
    const entries = Array.from({ length: dice.roll(4) }, (_, index) => {
      const entry = new Values(this.schema, this.context, `${this.key}.${index}`);
      if (isStrict) return entry.later(() => entry.ofField(type));
      try {
        return entry.ofField(type);
      } catch {
        return entry.of(type);
      }
    });
    const kind = dice.roll(10);
    if (kind === 0) return new Set(entries);
    if (kind > 1) return entries;
    const fails = !isStrict && dice.chance(this.context.hostility);
    return (function* () {
      yield* entries;
      if (fails) throw new Error("The list breaks.");
    })();
  }

  private later(make: () => unknown): unknown {
    if (!this.context.isAsync) return make();
    const kind = this.dice.roll(10);
    if (kind === 0) {
      const made = (): Promise<unknown> => Promise.resolve().then(make);
      return {
        then: (...handlers: Parameters<Promise<unknown>["then"]>) => made().then(...handlers),
      };
    }
    if (kind === 1) return new Promise((resolve) => setImmediate(resolve)).then(make);
    let wait = Promise.resolve();
    for (let turns = this.dice.roll(6); turns > 0; turns--) wait = wait.then(() => undefined);
    return wait.then(make);
  }
}

/** The source of an object. Its properties are as hostile as the values of resolvers. */
class Source {
  constructor(
    private readonly key: string,
    private readonly typeName: string,
  ) {}

  isOf(name: string, { seed, hostility, isAsync }: HostileContext): boolean | Promise<boolean> {
    const dice = new Dice(`${seed} isOf ${name} ${this.key}`);
    if (dice.chance(hostility / 3)) return fail(new Error(`isTypeOf fails at ${this.key}`));
    const isRight = name === this.typeName && !dice.chance(hostility / 3);
    return isAsync && dice.chance(40) ? Promise.resolve(isRight) : isRight;
  }

  resolvedName({ seed, hostility, isAsync }: HostileContext): string | Promise<string> {
    const dice = new Dice(`${seed} name ${this.key}`);
    const wrong = ["Nothing", "Loose", "Mood", "", 42, null, undefined] as unknown as string[];
    const name = dice.chance(hostility / 2) ? wrong[dice.roll(wrong.length)] : this.typeName;
    return (isAsync && dice.chance(40) ? Promise.resolve(name) : name) as string;
  }
}

function fail(error: unknown): never {
  throw error;
}
