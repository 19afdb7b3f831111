import { Field, Float, ID, InputType, ObjectType } from "type-graphql";
import type { DeliveryChange } from "../../../instances/index.js";

const RATE = "Speaking rate: a factor, 0.5 to 2.";
const PITCH = "Mean pitch: semitones to add, -12 to 12.";
const RANGE = "Pitch range: a factor, 0 to 3.";
const GAIN = "Loudness: decibels to add, -20 to 20.";
const PAUSES = "Length of pauses: a factor, 0 to 4.";

const describeChange = (what: string) => ({
  simple: true,
  nullable: true,
  description: `${what} null if this setting has no effect.`,
});
const describeChangeInput = (what: string) => ({
  nullable: true,
  description: `${what} If absent or null, this setting has no effect.`,
});
const describeListInput = (what: string) => ({
  nullable: true,
  description: `${what} If absent or null, the list is empty.`,
});

@ObjectType({
  description:
    "Changes to a delivery. If several changes apply to a segment, the factors multiply, and the semitones and decibels add.",
})
export class Prosody {
  @Field(() => Float, describeChange(RATE)) readonly rate!: number | null;
  @Field(() => Float, describeChange(PITCH)) readonly pitch!: number | null;
  @Field(() => Float, describeChange(RANGE)) readonly range!: number | null;
  @Field(() => Float, describeChange(GAIN)) readonly gain!: number | null;
  @Field(() => Float, describeChange(PAUSES)) readonly pauses!: number | null;
}

const describeResolved = (what: string) => ({ simple: true, description: what });

@ObjectType({ description: "A complete delivery in numbers, as rendering uses it." })
export class ResolvedProsody {
  @Field(() => Float, describeResolved("Speaking rate: a factor. 1 is the voice's own rate."))
  readonly rate!: number;
  @Field(() => Float, describeResolved("Mean pitch, in semitones. 0 is the voice's own pitch."))
  readonly pitch!: number;
  @Field(() => Float, describeResolved("Pitch range: a factor. 1 is the voice's own range."))
  readonly range!: number;
  @Field(() => Float, describeResolved("Loudness, in decibels. 0 is the narration's own loudness."))
  readonly gain!: number;
  @Field(
    () => Float,
    describeResolved("Length of the pause after the segment: a factor. 1 is the usual length."),
  )
  readonly pauses!: number;
  @Field(() => Float, describeResolved("Rise of the pitch at the end, in semitones."))
  readonly rise!: number;
  @Field(
    () => Float,
    describeResolved(
      "Gain above 1 kHz, in decibels. The voice sounds bright above 0 and dark below 0.",
    ),
  )
  readonly tilt!: number;
  @Field(() => Float, describeResolved("Breathiness of the voice, 0 to 1."))
  readonly breath!: number;
  @Field(() => Float, describeResolved("Unsteadiness of the voice, 0 to 1."))
  readonly tremor!: number;
  @Field(() => Boolean, describeResolved("True if the voice whispers, without any voiced sound."))
  readonly isWhispered!: boolean;
}

const describeId = (what: string) => ({
  simple: true,
  description: `${what}, for caches. \`node\` does not find it.`,
});

@ObjectType({ description: "Changes to the delivery of all segments with one emotion." })
export class EmotionModification extends Prosody {
  @Field(() => ID, describeId("The id of the change to this emotion of the narration"))
  readonly id!: string;

  @Field(() => String, { simple: true, description: "The emotion, for example joy." })
  readonly emotion!: string;
}

@ObjectType({ description: "Changes to the delivery of all segments that one character speaks." })
export class CharacterModification extends Prosody {
  @Field(() => ID, describeId("The id of the change to this character of the narration"))
  readonly id!: string;

  readonly characterId!: string;
}

@ObjectType({ description: "A word whose pronunciation differs from its spelling." })
export class LexiconEntry {
  @Field(() => ID, describeId("The id of this word of the narration"))
  readonly id!: string;

  @Field(() => String, { simple: true, description: "The word, as the text spells it." })
  readonly word!: string;

  @Field(() => String, {
    simple: true,
    description: "A spelling that the voice pronounces correctly.",
  })
  readonly saidAs!: string;
}

@ObjectType({
  description:
    "Changes to the delivery of a narration. The numbers of this object change all segments. `emotions` changes the segments with one emotion, and `characters` the segments of one character. `lexicon` corrects pronunciations.",
})
export class VoiceModifications extends Prosody {
  @Field(() => ID, describeId("The id of the changes to the narration"))
  readonly id!: string;

  @Field(() => [EmotionModification], { simple: true, description: "Changes by emotion." })
  readonly emotions!: readonly EmotionModification[];

  @Field(() => [CharacterModification], { simple: true, description: "Changes by character." })
  readonly characters!: readonly object[];

  @Field(() => [LexiconEntry], {
    simple: true,
    description: "Words whose pronunciation differs from their spelling.",
  })
  readonly lexicon!: readonly LexiconEntry[];
}

@InputType({
  description:
    "Changes to a delivery. If several changes apply to a segment, the factors multiply, and the semitones and decibels add.",
})
export class ProsodyInput implements DeliveryChange {
  @Field(() => Float, describeChangeInput(RATE)) readonly rate?: number | null;
  @Field(() => Float, describeChangeInput(PITCH)) readonly pitch?: number | null;
  @Field(() => Float, describeChangeInput(RANGE)) readonly range?: number | null;
  @Field(() => Float, describeChangeInput(GAIN)) readonly gain?: number | null;
  @Field(() => Float, describeChangeInput(PAUSES)) readonly pauses?: number | null;
}

@InputType({ description: "Changes to the delivery of all segments with one emotion." })
export class EmotionModificationInput extends ProsodyInput {
  @Field(() => String, {
    description:
      "The key of the emotion in voiceModulationTemplates, for example joy. Case does not matter.",
  })
  readonly emotion!: string;
}

@InputType({ description: "Changes to the delivery of all segments that one character speaks." })
export class CharacterModificationInput extends ProsodyInput {
  @Field(() => ID, {
    description: "The character: the id of a StoryCharacter of the narration's analysis.",
  })
  readonly characterId!: string;
}

@InputType({ description: "A word whose pronunciation differs from its spelling." })
export class LexiconEntryInput {
  @Field(() => String, { description: "The word, as the text spells it, at most 100 characters." })
  readonly word!: string;

  @Field(() => String, {
    description: "A spelling that the voice pronounces correctly, at most 200 characters.",
  })
  readonly saidAs!: string;
}

@InputType({
  description:
    "All changes to the delivery of a narration. The new changes replace all earlier changes.",
})
export class VoiceModificationsInput extends ProsodyInput {
  @Field(() => [EmotionModificationInput], describeListInput("Changes by emotion, at most 50."))
  readonly emotions?: EmotionModificationInput[] | null;

  @Field(
    () => [CharacterModificationInput],
    describeListInput("Changes by character, at most 200."),
  )
  readonly characters?: CharacterModificationInput[] | null;

  @Field(
    () => [LexiconEntryInput],
    describeListInput("Words whose pronunciation differs from their spelling, at most 500."),
  )
  readonly lexicon?: LexiconEntryInput[] | null;
}

/** Describes a setting that a change of parts sets or removes. */
const describeSetting = (setting: string) => ({
  nullable: true,
  description: `${setting} With null, the setting is removed.`,
});

/** Describes a list of a change of parts. */
const describeParts = (list: string) => ({
  nullable: true,
  description: `${list} null is refused.`,
});

@InputType({
  description:
    "Changes to parts of a narration's delivery. What is absent stays as it is. Removing what is not there changes nothing.",
})
export class VoiceModificationsChangeInput {
  @Field(() => Float, describeSetting(RATE)) readonly rate?: number | null;
  @Field(() => Float, describeSetting(PITCH)) readonly pitch?: number | null;
  @Field(() => Float, describeSetting(RANGE)) readonly range?: number | null;
  @Field(() => Float, describeSetting(GAIN)) readonly gain?: number | null;
  @Field(() => Float, describeSetting(PAUSES)) readonly pauses?: number | null;

  @Field(
    () => [EmotionModificationInput],
    describeParts("Each entry replaces the present change to the same emotion, or is added."),
  )
  readonly emotions?: EmotionModificationInput[] | null;

  @Field(
    () => [CharacterModificationInput],
    describeParts("Each entry replaces the present change to the same character, or is added."),
  )
  readonly characters?: CharacterModificationInput[] | null;

  @Field(
    () => [LexiconEntryInput],
    describeParts("Each entry replaces the present entry with the same word, or is added."),
  )
  readonly lexicon?: LexiconEntryInput[] | null;

  @Field(
    () => [String],
    describeParts("The emotions whose changes are removed. Case does not matter."),
  )
  readonly removeEmotions?: string[] | null;

  @Field(
    () => [ID],
    describeParts("The characters whose changes are removed: ids of StoryCharacters."),
  )
  readonly removeCharacters?: string[] | null;

  @Field(
    () => [String],
    describeParts("The words that are removed from the lexicon. Case does not matter."),
  )
  readonly removeLexicon?: string[] | null;
}
