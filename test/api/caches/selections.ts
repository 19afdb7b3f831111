import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

type Field = GraphQLField<unknown, unknown>;

const PAGE = 20;
/** A list with one of these arguments is read twice: whole, and with this value of the argument. */
const FILTERS: Readonly<Record<string, string>> = { status: "[DRAFT]", visibility: "[PUBLIC]" };
/** The entries of these lists are selected with their lists. No other field leads to these objects. */
const DEEP_LISTS: ReadonlySet<string> = new Set(["User.voices", "Query.voiceModulationTemplates"]);
/** Parts of an analysis, which never changes. */
const NEVER_CHANGE: ReadonlySet<string> = new Set(["StorySegment", "StoryCharacter"]);
/** Fields that change with the time, that cost much, or that are long. */
const LEFT_OUT =
  /^(\w*[uU]rl|expiresAt|etaSeconds|content|excerpt|renderEstimate|recordingPrompts)$/;

/**
 * Writes selections as a client app with many pages does: everything about one object, with its lists.
 * Another object in a selection is an id, and in a list also its fields without objects.
 */
export class Selections {
  /** The lists in the selections, as `Type.field`. */
  readonly lists = new Set<string>();
  private readonly fragments = new Map<string, string>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Returns a document: an operation, and the fragments that it uses. */
  documentOf(operation: string): string {
    const used = new Map<string, string>();
    const collect = (text: string): void => {
      for (const [, name = ""] of text.matchAll(/\.\.\.(\w+)/g)) {
        const fragment = this.fragments.get(name);
        if (fragment === undefined || used.has(name)) continue;
        used.set(name, fragment);
        collect(fragment);
      }
    };
    collect(operation);
    return [operation, ...used.values()].join("\n");
  }

  /** Selects everything about an object. */
  whole(name: string): string {
    const type = this.object(name);
    const fragment = `Whole${name}`;
    if (!this.fragments.has(fragment)) {
      this.fragments.set(fragment, "");
      const fields = Object.values(type.getFields()).flatMap((field) => this.fieldOf(type, field));
      this.fragments.set(fragment, `fragment ${fragment} on ${name} { ${fields.join(" ")} }`);
    }
    return `{ ...${fragment} }`;
  }

  /** Selects the lists of the root. */
  root(): string {
    const type = this.object("Query");
    const lists = Object.values(type.getFields()).filter((field) => isConnection(field));
    return `{ ${lists.flatMap((field) => this.fieldOf(type, field)).join(" ")} }`;
  }

  /** Selects everything in the payload of a mutation, with the objects that the mutation changed. */
  payload(type: GraphQLObjectType): string {
    const fields = Object.values(type.getFields()).map((field) => {
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) return field.name;
      if (inner.name === "Query") return `${field.name} ${this.root()}`;
      return `${field.name} ${this.whole(inner.name)}`;
    });
    return `{ ${fields.join(" ")} }`;
  }

  private object(name: string): GraphQLObjectType {
    const type = this.schema.getType(name);
    if (type instanceof GraphQLObjectType) return type;
    throw new Error(`${name} is no object type.`);
  }

  private fieldOf(type: GraphQLObjectType, field: Field): string[] {
    if (isLeftOut(field)) return [];
    const inner = getNamedType(field.type);
    const isList = isListOrPage(field);
    if (isList) this.lists.add(`${type.name}.${field.name}`);
    if (isLeafType(inner)) return [field.name];
    if (isConnection(field)) return this.pagesOf(type, field);
    if (standsAlone(inner)) return [`${field.name} ${isList ? this.row(inner.name) : "{ id }"}`];
    return isObjectType(inner) && (isList || hasList(inner))
      ? [`${field.name} ${this.whole(inner.name)}`]
      : [];
  }

  private pagesOf(type: GraphQLObjectType, field: Field): string[] {
    const connection = getNamedType(field.type);
    if (!isObjectType(connection)) return [];
    const page = this.page(connection, DEEP_LISTS.has(`${type.name}.${field.name}`));
    const filters = field.args.flatMap(({ name }) =>
      FILTERS[name] === undefined ? [] : [`, ${name}: ${FILTERS[name]}`],
    );
    return ["", ...filters].map((filter) => {
      const alias = filter === "" ? "" : `some${field.name}: `;
      return `${alias}${field.name}(first: ${PAGE}${filter}) ${page}`;
    });
  }

  /** Selects a page. Lists of one type share a fragment, because a document has at most 1,000 tokens. */
  private page(connection: GraphQLObjectType, isDeep: boolean): string {
    const fragment = `${isDeep ? "Deep" : "Page"}${connection.name}`;
    if (!this.fragments.has(fragment)) {
      const edge = getNamedType(connection.getFields()["edges"]?.type);
      const node = isObjectType(edge) ? getNamedType(edge.getFields()["node"]?.type) : undefined;
      const row = node ? (isDeep ? this.whole(node.name) : this.row(node.name)) : "";
      const fields = `totalCount pageInfo { hasNextPage endCursor } edges { cursor node ${row} }`;
      this.fragments.set(fragment, `fragment ${fragment} on ${connection.name} { ${fields} }`);
    }
    return `{ ...${fragment} }`;
  }

  /** Selects the fields of an object that contain no objects. */
  private row(name: string): string {
    const fragment = `Row${name}`;
    if (!this.fragments.has(fragment)) {
      const fields = Object.values(this.object(name).getFields())
        .filter(({ type }) => isLeafType(getNamedType(type)))
        .filter((field) => !isLeftOut(field));
      const names = fields.map((field) => field.name).join(" ");
      this.fragments.set(fragment, `fragment ${fragment} on ${name} { ${names} }`);
    }
    return `{ ...${fragment} }`;
  }
}

/** Returns true for an object that contains lists. */
const hasList = (type: GraphQLObjectType): boolean =>
  Object.values(type.getFields()).some((field) => isListType(getNullableType(field.type)));

const isLeftOut = ({ name, args }: Field): boolean => LEFT_OUT.test(name) || args.some(isRequired);

const isRequired = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** Returns true for a field that returns a plain list or one page of a list. */
export const isListOrPage = (field: Field): boolean =>
  isListType(getNullableType(field.type)) || isConnection(field);

const isConnection = ({ type }: Field): boolean => getNamedType(type).name.endsWith("Connection");

/** Returns true for a type whose objects are no parts of the object that is read. */
const standsAlone = (type: GraphQLNamedType): boolean =>
  NEVER_CHANGE.has(type.name) ||
  isInterfaceType(type) ||
  (isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node"));
