import { Field, Float, Int, ObjectType } from "type-graphql";
import type { AnalysisDegradation as Stored } from "../../../reference/index.js";
import { graphqlEnum } from "../../enum.js";

@ObjectType({ description: "The program that made an analysis." })
export class Analyzer {
  @Field(() => String, { simple: true, description: "The analyser's name." })
  readonly name!: string;

  @Field(() => String, { simple: true, description: "The analyser's version." })
  readonly version!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The language model that the analyser used; null if the analyser used no model.",
  })
  readonly model!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The version of what the language model was told; null if the analyser used no model.",
  })
  readonly promptVersion!: string | null;
}

@ObjectType({
  description: "What an analysis has used. All numbers are 0 without a language model.",
})
export class AnalysisUsage {
  @Field(() => Int, { simple: true, description: "The tokens of the prompts." })
  readonly inputTokens!: number;

  @Field(() => Int, { simple: true, description: "The tokens of the answers." })
  readonly outputTokens!: number;

  @Field(() => Int, { simple: true, description: "The number of requests to the model." })
  readonly requests!: number;

  @Field(() => Float, {
    simple: true,
    description:
      "The cost in millionths of a US dollar, a whole number; 0 if the operator has set no price.",
  })
  readonly costMicros!: number;
}

type Feature = Stored["feature"];

const ANALYSIS_FEATURES: Readonly<Record<Uppercase<Feature>, readonly [Feature, string]>> = {
  MODEL: ["model", "A language model has read the whole text."],
};

const AnalysisFeatureType = graphqlEnum(
  "AnalysisFeature",
  "A feature that an analysis can lack. New values may be added: show the reason.",
  ANALYSIS_FEATURES,
);

@ObjectType({ description: "A feature that an analysis lacks." })
export class AnalysisDegradation {
  @Field(() => AnalysisFeatureType, { simple: true, description: "The feature." })
  readonly feature!: string;

  @Field(() => String, { simple: true, description: "The reason, as a text to show to people." })
  readonly reason!: string;
}

/** What a stored analysis lacks. A later version of the server may have stored features that this one lacks. */
export const toAnalysisDegradations = (
  stored: readonly (Omit<Stored, "feature"> & { readonly feature: string })[],
): readonly AnalysisDegradation[] =>
  stored.filter(({ feature }) =>
    Object.values(ANALYSIS_FEATURES).some(([known]) => known === feature),
  );
