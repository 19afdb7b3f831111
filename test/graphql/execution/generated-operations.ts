import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
  validate,
} from "graphql";
import type { Dice } from "./dice.js";

export interface GeneratedOperation {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface GeneratorOptions {
  /** Values for arguments of the type ID. */
  readonly ids: readonly string[];
  readonly levels: number;
  /** True if some operations are mutations. */
  readonly hasMutations: boolean;
}

const MAX_TRIES = 200;
const MAX_FRAGMENTS = 6;
/** Names that are special in JavaScript. */
const ALIASES = ["a", "b", "toJSON", "constructor", "then", "__proto__"];

/**
 * Generates a valid operation with fragments, directives, aliases and variables. The values of the
 * variables are sometimes wrong, null or absent.
 */
export function generateOperation(
  schema: GraphQLSchema,
  dice: Dice,
  options: GeneratorOptions,
): GeneratedOperation {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const generated = new Generator(schema, dice, options).operation();
    if (validate(schema, parse(generated.source)).length === 0) return generated;
  }
  throw new Error("No generated operation is valid.");
}

class Generator {
  private readonly variables: Record<string, unknown> = {};
  private readonly declarations: string[] = [];
  private readonly calls = new Map<string, string>();
  private readonly aliases = [...ALIASES];
  private readonly fragments = new Map<string, GraphQLCompositeType>();
  private readonly definitions: string[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly dice: Dice,
    private readonly options: GeneratorOptions,
  ) {}

  operation(): GeneratedOperation {
    const isMutation = this.options.hasMutations && this.dice.chance(20);
    const mutation = isMutation ? this.schema.getMutationType() : null;
    const root = mutation ?? this.schema.getQueryType();
    if (!root) throw new Error("The schema has no queries.");
    const selected = this.selection(root, this.options.levels);
    const declared = this.declarations.length > 0 ? `(${this.declarations.join(", ")})` : "";
    const kind = mutation ? "mutation" : "query";
    const isOneOfTwo = this.dice.chance(10);
    const other = isOneOfTwo ? "query Other { __typename }" : "";
    return {
      source: [other, `${kind} Main${declared} ${selected}`, ...this.definitions].join("\n"),
      operationName: isOneOfTwo || this.dice.chance(50) ? "Main" : undefined,
      variables: this.variables,
    };
  }

  private selection(type: GraphQLCompositeType, levels: number): string {
    const count = 1 + this.dice.roll(4);
    return `{ ${Array.from({ length: count }, () => this.selected(type, levels)).join(" ")} }`;
  }

  private selected(type: GraphQLCompositeType, levels: number): string {
    const choice = this.dice.roll(100);
    if (choice < 5) return `${this.alias()}__typename`;
    if (choice < 15) return this.spread(type, levels);
    if (choice < 30) return this.inlineFragment(type, levels);
    return this.field(type, levels);
  }

  private field(type: GraphQLCompositeType, levels: number): string {
    const all = "getFields" in type ? Object.values(type.getFields()) : [];
    const fields = all.filter((field) => levels > 0 || !isCompositeType(getNamedType(field.type)));
    if (fields.length === 0) return "__typename";
    const field = this.dice.pick(fields);
    const named = getNamedType(field.type);
    const inner = isCompositeType(named) ? this.selection(named, levels - 1) : "";
    const called = this.called(type, field);
    return `${called}${this.directive()} ${inner}`;
  }

  private alias(): string {
    const alias = this.dice.chance(15) ? this.aliases.pop() : undefined;
    return alias === undefined ? "" : `${alias}: `;
  }

  /** Returns the name and the arguments of a field. Fields with one name must have the same arguments. */
  private called(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): string {
    const alias = this.alias();
    const known = this.calls.get(`${type.name}.${field.name}`);
    if (alias === "" && known !== undefined) return known;
    const called = `${field.name}${this.argumentsOf(field)}`;
    if (alias === "") this.calls.set(`${type.name}.${field.name}`, called);
    return `${alias}${called}`;
  }

  private inlineFragment(type: GraphQLCompositeType, levels: number): string {
    const wanted = this.dice.chance(30) ? null : this.overlapping(type);
    const condition = wanted ? ` on ${wanted.name}` : "";
    return `...${condition}${this.directive()} ${this.selection(wanted ?? type, levels)}`;
  }

  private spread(type: GraphQLCompositeType, levels: number): string {
    const known = [...this.fragments].filter(([, on]) => on === type);
    if (known.length > 0 && this.dice.chance(40))
      return `...${this.dice.pick(known)[0]}${this.directive()}`;
    if (this.fragments.size >= MAX_FRAGMENTS || levels <= 0) return "__typename";
    const wanted = this.overlapping(type);
    const selected = this.selection(wanted, levels - 1);
    const name = `F${this.definitions.length}`;
    this.fragments.set(name, wanted);
    this.definitions.push(`fragment ${name} on ${wanted.name} ${selected}`);
    return `...${name}${this.directive()}`;
  }

  /** Returns a type whose objects can be objects of `type`. */
  private overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const possible = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const object = this.dice.pick(possible);
    const abstract = Object.values(this.schema.getTypeMap())
      .filter(isAbstractType)
      .filter((each) => this.schema.isSubType(each, object));
    return this.dice.pick([type, object, ...abstract]);
  }

  private directive(): string {
    if (!this.dice.chance(12)) return "";
    const name = this.dice.pick(["skip", "include"]);
    const isVariable = this.dice.chance(60);
    const literal = String(this.dice.chance(50));
    return ` @${name}(if: ${isVariable ? this.condition() : literal})`;
  }

  private condition(): string {
    const isNullable = this.dice.chance(40);
    const values = isNullable ? [true, false, null, undefined] : [true, false];
    return this.declare(
      isNullable ? "Boolean = true" : "Boolean!",
      this.dice.roll(values.length),
      values,
    );
  }

  private argumentsOf({ args }: GraphQLField<unknown, unknown>): string {
    const given = args
      .filter((argument) => this.isRequired(argument) || this.dice.chance(50))
      .map((argument) => `${argument.name}: ${this.argument(argument)}`);
    return given.length > 0 ? `(${given.join(", ")})` : "";
  }

  private isRequired({ type, defaultValue }: GraphQLArgument): boolean {
    return isNonNullType(type) && defaultValue === undefined;
  }

  private argument({ name, type }: GraphQLArgument): string {
    if (!this.dice.chance(50)) return literalOf(this.value(type, name));
    const right = this.value(type, name);
    const wrong = [null, "wrong", -1, 1.5, { wrong: 1 }, [[]], 9_999_999_999];
    const value = this.dice.chance(80) ? right : this.dice.pick([...wrong, undefined]);
    return this.declare(String(type), 0, [plain(value)]);
  }

  private declare(type: string, index: number, values: readonly unknown[]): string {
    const name = `v${this.declarations.length}`;
    this.declarations.push(`$${name}: ${type}`);
    const value = values[index];
    if (value !== undefined) this.variables[name] = value;
    return `$${name}`;
  }

  private value(type: GraphQLInputType, name: string, levels = 2): unknown {
    if (isNonNullType(type)) return this.value(type.ofType, name, levels) ?? this.value(type, name);
    if (this.dice.chance(10)) return null;
    if (isListType(type)) {
      return Array.from({ length: this.dice.roll(3) }, () => this.value(type.ofType, name, levels));
    }
    if (isEnumType(type)) return new EnumName(this.dice.pick(type.getValues()).name);
    if (!isInputObjectType(type)) return this.scalar(type.name, name);
    const fields = Object.values(type.getFields());
    const given = type.isOneOf
      ? [this.dice.pick(fields)]
      : fields.filter(
          (field) =>
            (isNonNullType(field.type) && field.defaultValue === undefined) ||
            (levels > 0 && this.dice.chance(50)),
        );
    return Object.fromEntries(
      given.map((field) => [field.name, this.value(field.type, field.name, levels - 1)]),
    );
  }

  private scalar(type: string, name: string): unknown {
    if (type === "Int") return 1 + this.dice.roll(name === "first" ? 5 : 100);
    if (type === "Float") return this.dice.roll(100) / 8;
    if (type === "Boolean") return this.dice.chance(50);
    return type === "ID" ? this.dice.pick(this.options.ids) : this.dice.pick(["", "river", "é\n"]);
  }
}

/** The name of an enum value. In a document, the name has no quotes. */
class EnumName {
  constructor(readonly name: string) {}
}

const plain = (value: unknown): unknown => {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
};

function literalOf(value: unknown): string {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, part]) => `${name}: ${literalOf(part)}`);
  return `{ ${fields.join(", ")} }`;
}
