import { Field, Float, Int, ObjectType } from "type-graphql";
import { AnalysisEntity, type AnalysisDocument } from "../../../reference/index.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { DateTime } from "../../scalars.js";
import { AnalysisUsage } from "./analyzer.type.js";

type Character = AnalysisDocument["characters"][number];
type Segment = AnalysisDocument["segments"][number];

export const SegmentKindType = graphqlEnum(
  "SegmentKind",
  "Whether the narrator or a character speaks a segment.",
  {
    NARRATION: ["narration" satisfies Segment["kind"], "The narrator speaks the segment."],
    DIALOGUE: ["dialogue" satisfies Segment["kind"], "A character speaks the segment."],
  },
);

const SegmentBreakType = graphqlEnum(
  "SegmentBreak",
  "How a segment ends in the text. A narration pauses longest after a scene.",
  {
    LINE: ["line" satisfies NonNullable<Segment["breakAfter"]>, "A line of verse ends."],
    PARAGRAPH: ["paragraph" satisfies NonNullable<Segment["breakAfter"]>, "A paragraph ends."],
    SCENE: ["scene" satisfies NonNullable<Segment["breakAfter"]>, "A scene ends."],
  },
);

const CharacterRoleType = graphqlEnum("CharacterRole", "The role of a character in a story.", {
  NARRATOR: [
    "narrator" satisfies Character["role"],
    "The character tells the story in the first person.",
  ],
  PROTAGONIST: [
    "protagonist" satisfies Character["role"],
    "The story is mostly about this character.",
  ],
  MAJOR: ["major" satisfies Character["role"], "The character has a large part."],
  MINOR: ["minor" satisfies Character["role"], "The character has a small part."],
});

const CharacterGenderType = graphqlEnum(
  "CharacterGender",
  "The gender that the text gives a character.",
  {
    FEMALE: ["female" satisfies Character["gender"], "The character is female."],
    MALE: ["male" satisfies Character["gender"], "The character is male."],
    NEUTRAL: [
      "neutral" satisfies Character["gender"],
      "The character is neither female nor male, or is both.",
    ],
    UNKNOWN: ["unknown" satisfies Character["gender"], "The text does not give a gender."],
  },
);

const CharacterAgeGroupType = graphqlEnum(
  "CharacterAgeGroup",
  "The age that the text gives a character.",
  {
    CHILD: ["child" satisfies Character["ageGroup"], "The character is a child."],
    YOUNG: ["young" satisfies Character["ageGroup"], "The character is a young adult."],
    ADULT: ["adult" satisfies Character["ageGroup"], "The character is an adult."],
    ELDER: ["elder" satisfies Character["ageGroup"], "The character is an old person."],
    UNKNOWN: ["unknown" satisfies Character["ageGroup"], "The text does not give an age."],
  },
);

type Attribution = NonNullable<Segment["attribution"]>;

const AttributionTypeType = graphqlEnum(
  "AttributionType",
  "How the text identifies the speaker of a quote.",
  {
    EXPLICIT: ["explicit" satisfies Attribution["type"], "The text names the speaker."],
    ANAPHORIC: [
      "anaphoric" satisfies Attribution["type"],
      "The text uses a pronoun or a description.",
    ],
    IMPLICIT: [
      "implicit" satisfies Attribution["type"],
      "The text does not identify the speaker. The speaker follows from the conversation.",
    ],
  },
);

@ObjectType({ description: "The mood of a whole text." })
export class StoryMood {
  @Field(() => String, { simple: true, description: "The mood in one word." })
  readonly label!: string;

  @Field(() => Float, {
    simple: true,
    description: "How pleasant the mood is, from -1 (unpleasant) to 1 (pleasant).",
  })
  readonly valence!: number;

  @Field(() => Float, {
    simple: true,
    description: "How excited the mood is, from 0 (calm) to 1 (excited).",
  })
  readonly arousal!: number;
}

@ObjectType({ description: "A character who acts or speaks in a story." })
export class StoryCharacter {
  @Field(() => [String], {
    simple: true,
    description: "Other names that the text uses for the character.",
  })
  readonly aliases!: readonly string[];

  @Field(() => CharacterRoleType, {
    simple: true,
    description: "The character's role in the story.",
  })
  readonly role!: string;

  @Field(() => CharacterGenderType, {
    simple: true,
    description: "The character's gender; UNKNOWN if the text does not give a gender.",
  })
  readonly gender!: string;

  @Field(() => CharacterAgeGroupType, {
    simple: true,
    description: "The character's age; UNKNOWN if the text does not give an age.",
  })
  readonly ageGroup!: string;

  @Field(() => String, { simple: true, description: "A description of the character in one line." })
  readonly description!: string;

  @Field(() => Int, { simple: true, description: "How often the text mentions the character." })
  readonly mentionCount!: number;

  @Field(() => Int, { simple: true, description: "How often the character speaks." })
  readonly quoteCount!: number;
}

@ObjectType({ description: "An emotion and its intensity." })
export class Emotion {
  @Field(() => String, {
    simple: true,
    description: "The emotion, for example joy; neutral if there is no emotion.",
  })
  readonly label!: string;

  @Field(() => Float, {
    simple: true,
    description: "The intensity of the emotion, from 0 (none) to 1 (full).",
  })
  readonly intensity!: number;
}

@ObjectType({ description: "How the analyser found the speaker of a quote." })
export class SegmentAttribution {
  @Field(() => AttributionTypeType, {
    simple: true,
    description: "How the text identifies the speaker.",
  })
  readonly type!: string;

  @Field(() => String, { simple: true, description: "The rule that found the speaker." })
  readonly method!: string;

  @Field(() => String, {
    simple: true,
    description: "The passage that names the speaker; empty if no passage names the speaker.",
  })
  readonly cue!: string;

  @Field(() => Float, {
    simple: true,
    description: "How certain the result is, from 0 (a guess) to 1 (certain).",
  })
  readonly confidence!: number;
}

@ObjectType({ description: "A way of speaking that the text asks for, for example a whisper." })
export class SegmentModulation {
  @Field(() => String, { simple: true, description: "The key of the voice modulation template." })
  readonly key!: string;

  @Field(() => Float, { simple: true, description: "The strength of the modulation, from 0 to 1." })
  readonly strength!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "The position in the story's text where the words spoken this way begin, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "The position in the story's text where the words spoken this way end, in UTF-16 units, exclusive.",
  })
  readonly end!: number;
}

@ObjectType({ description: "A sound that the text describes." })
export class SegmentSound {
  @Field(() => String, { simple: true, description: "The key of the voice modulation template." })
  readonly key!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The thing that makes the sound; null if the text does not name the thing.",
  })
  readonly source!: string | null;

  @Field(() => Int, {
    simple: true,
    description:
      "The position in the story's text where the word for the sound begins, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "The position in the story's text where the word for the sound ends, in UTF-16 units, exclusive.",
  })
  readonly end!: number;
}

@ObjectType({
  description:
    "One piece of a story's text, with one speaker and one emotion. Together the segments cover the text without overlaps.",
})
export class StorySegment {
  @Field(() => SegmentKindType, {
    simple: true,
    description: "Whether the narrator or a character speaks the segment.",
  })
  readonly kind!: string;

  @Field(() => String, { simple: true, description: "The text of the segment." })
  readonly text!: string;

  @Field(() => SegmentAttribution, {
    simple: true,
    nullable: true,
    description: "How the analyser found the speaker; null for narration.",
  })
  readonly attribution!: SegmentAttribution | null;

  @Field(() => [SegmentModulation], {
    simple: true,
    description: "The ways of speaking that the text asks for in this segment.",
  })
  readonly modulations!: readonly SegmentModulation[];

  @Field(() => [SegmentSound], {
    simple: true,
    description: "The sounds that the text describes in this segment.",
  })
  readonly sounds!: readonly SegmentSound[];

  @Field(() => SegmentBreakType, {
    simple: true,
    nullable: true,
    description:
      "How the segment ends in the text; null inside a paragraph, and for analyses of older versions of the analyser.",
  })
  readonly breakAfter!: string | null;
}

export const { Connection: StorySegmentConnection } = connectionTypes(StorySegment, "StorySegment");

@ObjectType({
  implements: Node,
  description:
    "One analyser's results for one text. All stories with this text share the analysis.",
})
export class StoryAnalysis extends Node {
  @Field(() => String, {
    simple: true,
    description: "The hash of the analysed text, as `contentHash` of a story.",
  })
  readonly contentHash!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "A summary of the text in a few sentences; null if the analyser wrote no summary.",
  })
  readonly summary!: string | null;

  @Field(() => String, {
    simple: true,
    description: "The type of the analysis, for example narrative.",
  })
  readonly analysisType!: string;

  @Field(() => AnalysisUsage, {
    simple: true,
    nullable: true,
    description: "What the analysis has used; null for analyses of the earlier platform.",
  })
  readonly usage!: AnalysisUsage | null;

  @Field(() => DateTime, { simple: true, description: "When the analysis was requested." })
  readonly createdAt!: Date;
}
isResolvedFrom("StoryAnalysis", AnalysisEntity);
