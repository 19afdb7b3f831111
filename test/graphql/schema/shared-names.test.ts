import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  buildSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

test("one name has one type in all objects that one field can return", () => {
  const clashes = clashesIn(buildFabulaSchema());

  expect(clashes).toEqual([]);
});

test("the search finds names with other types, nullability, lists or objects, at any depth", () => {
  const schema = buildSchema(`
    interface Node { id: ID! }
    type A implements Node { id: ID! same: Int title: String! status: One list: [Int!]! inner: AInner deep: AInner! }
    type B implements Node { id: ID! same: Int title: String status: Two list: [Int]! inner: Int deep: BInner! }
    type AInner { name: String further: AFurther }
    type BInner { name: String further: BFurther }
    type AFurther { words: [String!] }
    type BFurther { words: String }
    enum One { X }
    enum Two { X }
    type Query { node: Node }`);

  expect(clashesIn(schema)).toEqual([
    "A.title and B.title",
    "A.status and B.status",
    "A.list and B.list",
    "A.inner and B.inner",
    "AFurther.words and BFurther.words",
  ]);
});

/** Returns the fields that one selection cannot contain without aliases. */
function clashesIn(schema: GraphQLSchema): string[] {
  const compared = new Set<string>();
  const clashes: string[] = [];

  function compareTypes(first: GraphQLObjectType, second: GraphQLObjectType): void {
    const pair = [first.name, second.name].toSorted().join(" ");
    if (first === second || compared.has(pair)) return;
    compared.add(pair);
    const fields = second.getFields();
    for (const { name, type } of Object.values(first.getFields())) {
      const other = fields[name];
      if (other && shapeOf(type) !== shapeOf(other.type)) {
        clashes.push(`${first.name}.${name} and ${second.name}.${name}`);
      } else if (other) {
        compareObjects(getNamedType(type), getNamedType(other.type));
      }
    }
  }

  function compareObjects(first: GraphQLOutputType, second: GraphQLOutputType): void {
    if (!isCompositeType(first) || !isCompositeType(second)) return;
    for (const one of objectsOf(schema, first)) {
      for (const other of objectsOf(schema, second)) compareTypes(one, other);
    }
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) compareObjects(type, type);
  }
  return clashes;
}

/** Returns the type with its lists and non-nulls. Objects of all types have one shape. */
function shapeOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  return isCompositeType(named) ? type.toString().replace(named.name, "Object") : type.toString();
}

const objectsOf = (
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLObjectType[] => (isObjectType(type) ? [type] : schema.getPossibleTypes(type));
