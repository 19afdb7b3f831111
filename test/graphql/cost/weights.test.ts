import "reflect-metadata";
import { getNamedType, isCompositeType, isObjectType } from "graphql";
import { isConnection, isList } from "../../../src/graphql/cost/estimate.js";
import {
  ARGUMENT_COSTS,
  FIELD_COSTS,
  LIST_SIZES,
  MUTATION_COST,
  ROW_COSTS,
  SIZED_BY_ARGUMENT,
} from "../../../src/graphql/cost/weights.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

const fields = Object.values(buildFabulaSchema().getTypeMap())
  .filter(isObjectType)
  .filter((type) => !type.name.startsWith("__"))
  .flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({
      name: `${type.name}.${field.name}`,
      // The entry `Payload` of LIST_SIZES is the size for all payload types.
      sizedAs: `${type.name.replace(/^\w+Payload$/, "Payload")}.${field.name}`,
      isLongList: isList(field) && isCompositeType(getNamedType(field.type)) && !isConnection(type),
    })),
  );

test("every list of objects without a page has a size", () => {
  const sized = new Set([...Object.keys(LIST_SIZES), ...Object.keys(SIZED_BY_ARGUMENT)]);
  const lists = fields.filter(({ isLongList }) => isLongList);

  expect(lists.length).toBeGreaterThan(15);
  expect(lists.filter(({ sizedAs }) => !sized.has(sizedAs))).toEqual([]);
});

test("every field that has a cost is a field of the schema", () => {
  const known = new Set(fields.flatMap(({ name, sizedAs }) => [name, sizedAs]));
  const named = [ARGUMENT_COSTS, FIELD_COSTS, LIST_SIZES, ROW_COSTS, SIZED_BY_ARGUMENT].flatMap(
    Object.keys,
  );

  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

/** These write few rows. The others read or write a whole text, script or recording, or ask a vendor. */
const CHEAP_MUTATIONS = [
  "archiveStory",
  "cancelNarration",
  "createUpload",
  "deleteEmotionVoice",
  "deleteNarration",
  "deleteVoiceSample",
  "dismissUnplacedEdits",
  "grantVoiceConsent",
  "preferVoiceSample",
  "revokeVoiceConsent",
  "saveListeningPosition",
  "unpublishNarration",
  "updateNarration",
  "updateNarrationSegments",
  "updateProfile",
];

test("every mutation costs 100 or more, unless it is named here", () => {
  const costs = fields
    .map(({ name }) => name)
    .filter((name) => name.startsWith("Mutation."))
    .map((name) => ({
      name: name.slice("Mutation.".length),
      cost: FIELD_COSTS[name] ?? MUTATION_COST,
    }));

  const cheap = costs.filter(({ cost }) => cost < 100).map(({ name }) => name);
  expect(cheap.toSorted()).toEqual(CHEAP_MUTATIONS);
});
