import type { AGE_RATINGS, LICENSES } from "../../../reference/index.js";
import { graphqlEnum } from "../../enum.js";

export type AgeRating = (typeof AGE_RATINGS)[number];
export type License = (typeof LICENSES)[number];

export const AgeRatingType = graphqlEnum("AgeRating", "The people that a story is suitable for.", {
  GENERAL: ["general" satisfies AgeRating, "Suitable for everyone."],
  TEEN: ["teen" satisfies AgeRating, "Suitable for teenagers and adults."],
  MATURE: ["mature" satisfies AgeRating, "Suitable for older teenagers and adults."],
  ADULT: ["adult" satisfies AgeRating, "Only for adults."],
});

export const LicenseType = graphqlEnum(
  "License",
  "What others may do with a story. New values may be added.",
  {
    ALL_RIGHTS_RESERVED: [
      "all_rights_reserved" satisfies License,
      "All rights are reserved. The server lets people narrate a public story.",
    ],
    PUBLIC_DOMAIN: ["public_domain" satisfies License, "Nobody has rights in the story."],
    CC0_1_0: ["CC0-1.0" satisfies License, "The author gives up all rights. SPDX: CC0-1.0."],
    CC_BY_4_0: [
      "CC-BY-4.0" satisfies License,
      "Everyone may use the story and must name the author. SPDX: CC-BY-4.0.",
    ],
    CC_BY_SA_4_0: [
      "CC-BY-SA-4.0" satisfies License,
      "Like CC_BY_4_0. Changed stories need the same licence. SPDX: CC-BY-SA-4.0.",
    ],
    CC_BY_NC_4_0: [
      "CC-BY-NC-4.0" satisfies License,
      "Like CC_BY_4_0, but nobody may earn money with the story. SPDX: CC-BY-NC-4.0.",
    ],
  },
);
