import { Field, Float, Int, ObjectType } from "type-graphql";
import { AnalysisEntity, type AnalysisDocument } from "../../reference/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { DateTime } from "../scalars.js";

type Character = AnalysisDocument["characters"][number];
type Segment = AnalysisDocument["segments"][number];

export const SegmentKindType = graphqlEnum("SegmentKind", "Who speaks a segment.", {
  NARRATION: ["narration" satisfies Segment["kind"], "The narrator tells it."],
  DIALOGUE: ["dialogue" satisfies Segment["kind"], "A character says it."],
});

const CharacterRoleType = graphqlEnum("CharacterRole", "What part a character plays.", {
  NARRATOR: ["narrator" satisfies Character["role"], "Tells the story as I."],
  PROTAGONIST: ["protagonist" satisfies Character["role"], "The story is mostly about them."],
  MAJOR: ["major" satisfies Character["role"], "A large part."],
  MINOR: ["minor" satisfies Character["role"], "A small part."],
});

const CharacterGenderType = graphqlEnum(
  "CharacterGender",
  "What the text tells of a character's gender.",
  {
    FEMALE: ["female" satisfies Character["gender"], "Female."],
    MALE: ["male" satisfies Character["gender"], "Male."],
    NEUTRAL: ["neutral" satisfies Character["gender"], "Neither, or both."],
    UNKNOWN: ["unknown" satisfies Character["gender"], "The text does not tell."],
  },
);

const CharacterAgeGroupType = graphqlEnum(
  "CharacterAgeGroup",
  "What the text tells of a character's age.",
  {
    CHILD: ["child" satisfies Character["ageGroup"], "A child."],
    YOUNG: ["young" satisfies Character["ageGroup"], "A young adult."],
    ADULT: ["adult" satisfies Character["ageGroup"], "An adult."],
    ELDER: ["elder" satisfies Character["ageGroup"], "An old person."],
    UNKNOWN: ["unknown" satisfies Character["ageGroup"], "The text does not tell."],
  },
);

type Attribution = NonNullable<Segment["attribution"]>;

const AttributionTypeType = graphqlEnum(
  "AttributionType",
  "How the text tells who speaks a quote.",
  {
    EXPLICIT: ["explicit" satisfies Attribution["type"], "It names them."],
    ANAPHORIC: ["anaphoric" satisfies Attribution["type"], "By a pronoun or a description."],
    IMPLICIT: [
      "implicit" satisfies Attribution["type"],
      "Not at all; it follows from the conversation.",
    ],
  },
);

@ObjectType({ description: "What made an analysis." })
export class Analyzer {
  @Field(() => String, { simple: true, description: "The analyser's name." })
  readonly id!: string;

  @Field(() => String, { simple: true, description: "The analyser's version." })
  readonly version!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The language model it used; null where it used none.",
  })
  readonly model!: string | null;
}

@ObjectType({ description: "The mood of a whole text." })
export class StoryMood {
  @Field(() => String, { simple: true, description: "The mood in a word." })
  readonly label!: string;

  @Field(() => Float, { simple: true, description: "From -1, unpleasant, to 1, pleasant." })
  readonly valence!: number;

  @Field(() => Float, { simple: true, description: "From 0, calm, to 1, excited." })
  readonly arousal!: number;
}

@ObjectType({ description: "Someone who acts or speaks in a story." })
export class StoryCharacter {
  @Field(() => [String], { simple: true, description: "Other names the text gives them." })
  readonly aliases!: readonly string[];

  @Field(() => CharacterRoleType, { simple: true, description: "What part they play." })
  readonly role!: string;

  @Field(() => CharacterGenderType, {
    simple: true,
    description: "Their gender, as far as the text tells.",
  })
  readonly gender!: string;

  @Field(() => CharacterAgeGroupType, {
    simple: true,
    description: "Their age, as far as the text tells.",
  })
  readonly ageGroup!: string;

  @Field(() => String, { simple: true, description: "Who they are, in a line." })
  readonly description!: string;

  @Field(() => Int, { simple: true, description: "How often the text mentions them." })
  readonly mentionCount!: number;

  @Field(() => Int, { simple: true, description: "How often they speak." })
  readonly quoteCount!: number;
}

@ObjectType({ description: "An emotion and how strong it is." })
export class Emotion {
  @Field(() => String, { simple: true, description: "The emotion, such as joy; neutral for none." })
  readonly label!: string;

  @Field(() => Float, { simple: true, description: "From 0, none, to 1, full." })
  readonly intensity!: number;
}

@ObjectType({ description: "How it was decided who speaks a quote." })
export class SegmentAttribution {
  @Field(() => AttributionTypeType, { simple: true, description: "How the text tells it." })
  readonly type!: string;

  @Field(() => String, { simple: true, description: "The rule that decided." })
  readonly method!: string;

  @Field(() => String, {
    simple: true,
    description: "The passage that names the speaker; empty where nothing does.",
  })
  readonly cue!: string;

  @Field(() => Float, { simple: true, description: "From 0, a guess, to 1, certain." })
  readonly confidence!: number;
}

@ObjectType({ description: "A delivery the text asks for, such as a whisper." })
export class SegmentModulation {
  @Field(() => String, { simple: true, description: "The key of its voice modulation template." })
  readonly key!: string;

  @Field(() => Float, { simple: true, description: "From 0 to 1." })
  readonly strength!: number;

  @Field(() => Int, {
    simple: true,
    description: "Where in the story's text what is spoken so begins, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, { simple: true, description: "Where it ends, exclusive." })
  readonly end!: number;
}

@ObjectType({ description: "A sound the text tells of." })
export class SegmentSound {
  @Field(() => String, { simple: true, description: "The key of its voice modulation template." })
  readonly key!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "What makes it; null where the text does not say.",
  })
  readonly source!: string | null;

  @Field(() => Int, {
    simple: true,
    description: "Where in the story's text its word begins, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, { simple: true, description: "Where it ends, exclusive." })
  readonly end!: number;
}

@ObjectType({
  description:
    "A stretch of a story's text with one speaker and one emotion. Segments tile the text.",
})
export class StorySegment {
  @Field(() => SegmentKindType, { simple: true, description: "Whether it is told or said." })
  readonly kind!: string;

  @Field(() => String, { simple: true, description: "Its text." })
  readonly text!: string;

  @Field(() => SegmentAttribution, {
    simple: true,
    nullable: true,
    description: "How its speaker was found; null where nobody speaks.",
  })
  readonly attribution!: SegmentAttribution | null;

  @Field(() => [SegmentModulation], {
    simple: true,
    description: "Deliveries the text asks for here.",
  })
  readonly modulations!: readonly SegmentModulation[];

  @Field(() => [SegmentSound], { simple: true, description: "Sounds the text tells of here." })
  readonly sounds!: readonly SegmentSound[];
}

export const { Connection: StorySegmentConnection } = connectionTypes(StorySegment, "StorySegment");

@ObjectType({
  implements: Node,
  description: "One analyser's reading of one text, shared by every story that holds the text.",
})
export class StoryAnalysis extends Node {
  @Field(() => String, { simple: true, description: "The hash of the text it is of." })
  readonly contentHash!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The text in a few sentences; null where it has none.",
  })
  readonly summary!: string | null;

  @Field(() => StoryMood, {
    simple: true,
    nullable: true,
    description: "The mood of the whole; null where none was found.",
  })
  readonly mood!: StoryMood | null;

  @Field(() => DateTime, { simple: true, description: "When it was asked for." })
  readonly createdAt!: Date;
}
isResolvedFrom("StoryAnalysis", AnalysisEntity);
