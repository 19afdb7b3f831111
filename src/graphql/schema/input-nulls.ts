import {
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isNonNullType,
} from "graphql";

/** These inputs change an object. An absent field stays, so null must mean something else. */
const CHANGES = /^(Update\w+|SegmentEdit|VoiceModificationsChange)Input$/;

/** Fields that null clears, and whose descriptions are shared with inputs of new objects. */
const CLEARED = new Set(
  ["summary", "genre", "mood", "authorName", "copyrightNotice", "coverImageUrl", "tags"].map(
    (field) => `UpdateStoryInput.${field}`,
  ),
);

/** What a file can say, and what null therefore denies. */
const DENIED = new Set(["ImportStoryInput.authorName", "ImportStoryInput.copyrightNotice"]);

/**
 * Completes the descriptions of input fields that may be null: each says what null means. A field whose own
 * description names null is left as it is. test/api/nulls.slow.test.ts compares the descriptions with the
 * behaviour.
 */
export function describeNulls(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInputObjectType(type) || type.isOneOf) continue;
    for (const field of Object.values(type.getFields())) describeNull(type.name, field);
  }
}

function describeNull(type: string, field: GraphQLInputField): void {
  const { description, name } = field;
  if (isNonNullType(field.type) || !description || /\bnull\b/i.test(description)) return;
  field.description = `${description} ${meaningOfNull(type, `${type}.${name}`)}`;
}

function meaningOfNull(type: string, place: string): string {
  if (CLEARED.has(place)) return "null clears the field.";
  if (DENIED.has(place)) return "null clears what the file says.";
  return CHANGES.test(type) ? "null is refused." : "null is the same as absent.";
}
