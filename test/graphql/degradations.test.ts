import "reflect-metadata";
import { toDegradations } from "../../src/graphql/instances/narration/degradation.type.js";

test("a sound of a later version keeps the missing features that this version knows", () => {
  const reason = "The voice cannot.";

  const shown = toDegradations([
    { feature: "rate", reason },
    { feature: "smell", reason },
  ]);

  expect(shown).toEqual([{ feature: "rate", reason }]);
});
