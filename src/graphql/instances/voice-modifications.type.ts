import { Field, Float, ID, InputType, ObjectType } from "type-graphql";
import type { DeliveryChange } from "../../instances/index.js";

const RATE = "Speaking rate: a factor, 0.5 to 2.";
const PITCH = "Mean pitch: semitones added, -12 to 12.";
const RANGE = "Pitch range: a factor, 0 to 3.";
const GAIN = "Loudness: decibels added, -20 to 20.";
const PAUSES = "Length of pauses: a factor, 0 to 4.";

const given = (what: string) => ({
  simple: true,
  nullable: true,
  description: `${what} null where it is left alone.`,
});
const optional = (what: string) => ({ nullable: true, description: what });

@ObjectType({ description: "Changes to how something is spoken, each over what came before." })
export class Prosody {
  @Field(() => Float, given(RATE)) readonly rate!: number | null;
  @Field(() => Float, given(PITCH)) readonly pitch!: number | null;
  @Field(() => Float, given(RANGE)) readonly range!: number | null;
  @Field(() => Float, given(GAIN)) readonly gain!: number | null;
  @Field(() => Float, given(PAUSES)) readonly pauses!: number | null;
}

const resolved = (what: string) => ({ simple: true, description: what });

@ObjectType({ description: "A whole delivery in numbers, as the voice is asked for it." })
export class ResolvedProsody {
  @Field(() => Float, resolved("Speaking rate: a factor of the voice's own."))
  readonly rate!: number;
  @Field(() => Float, resolved("Mean pitch: semitones from the voice's own."))
  readonly pitch!: number;
  @Field(() => Float, resolved("Pitch range: a factor of the voice's own."))
  readonly range!: number;
  @Field(() => Float, resolved("Loudness: decibels from the narration's own."))
  readonly gain!: number;
  @Field(() => Float, resolved("Length of the pause behind it: a factor."))
  readonly pauses!: number;
  @Field(() => Float, resolved("How far the end rises: semitones."))
  readonly rise!: number;
  @Field(() => Float, resolved("Gain above 1 kHz in decibels: bright above 0, dark below."))
  readonly tilt!: number;
  @Field(() => Float, resolved("Share of breath in the voice, 0 to 1."))
  readonly breath!: number;
  @Field(() => Float, resolved("Unsteadiness, 0 to 1."))
  readonly tremor!: number;
  @Field(() => Boolean, resolved("Whether it is whispered, without any voicing."))
  readonly isWhispered!: boolean;
}

@ObjectType({ description: "Changes for everything spoken in one emotion." })
export class EmotionModification extends Prosody {
  @Field(() => String, { simple: true, description: "The emotion, such as joy." })
  readonly emotion!: string;
}

@ObjectType({ description: "Changes for everything one character says." })
export class CharacterModification extends Prosody {
  readonly characterId!: string;
}

@ObjectType({ description: "A word that is said otherwise than it is written." })
export class LexiconEntry {
  @Field(() => String, { simple: true, description: "The word as it is written." })
  readonly word!: string;

  @Field(() => String, { simple: true, description: "How to write it so that it is said right." })
  readonly saidAs!: string;
}

@ObjectType({
  description: "Changes to the voices of a narration: for all of it, by emotion, by character.",
})
export class VoiceModifications extends Prosody {
  @Field(() => [EmotionModification], { simple: true, description: "Changes by emotion." })
  readonly emotions!: readonly EmotionModification[];

  @Field(() => [CharacterModification], { simple: true, description: "Changes by character." })
  readonly characters!: readonly object[];

  @Field(() => [LexiconEntry], { simple: true, description: "Words said otherwise than written." })
  readonly lexicon!: readonly LexiconEntry[];
}

@InputType({ description: "Changes to how something is spoken, each over what came before." })
export class ProsodyInput implements DeliveryChange {
  @Field(() => Float, optional(RATE)) readonly rate?: number | null;
  @Field(() => Float, optional(PITCH)) readonly pitch?: number | null;
  @Field(() => Float, optional(RANGE)) readonly range?: number | null;
  @Field(() => Float, optional(GAIN)) readonly gain?: number | null;
  @Field(() => Float, optional(PAUSES)) readonly pauses?: number | null;
}

@InputType({ description: "Changes for everything spoken in one emotion." })
export class EmotionModificationInput extends ProsodyInput {
  @Field(() => String, { description: "The emotion, such as joy." })
  readonly emotion!: string;
}

@InputType({ description: "Changes for everything one character says." })
export class CharacterModificationInput extends ProsodyInput {
  @Field(() => ID, { description: "The id of a StoryCharacter of the narration's analysis." })
  readonly characterId!: string;
}

@InputType({ description: "A word that is said otherwise than it is written." })
export class LexiconEntryInput {
  @Field(() => String, { description: "The word as it is written, at most 100 characters." })
  readonly word!: string;

  @Field(() => String, {
    description: "How to write it so that it is said right, at most 200 characters.",
  })
  readonly saidAs!: string;
}

@InputType({ description: "All voice modifications of a narration; they replace those it has." })
export class VoiceModificationsInput extends ProsodyInput {
  @Field(() => [EmotionModificationInput], optional("Changes by emotion, at most 50."))
  readonly emotions?: EmotionModificationInput[] | null;

  @Field(() => [CharacterModificationInput], optional("Changes by character, at most 200."))
  readonly characters?: CharacterModificationInput[] | null;

  @Field(() => [LexiconEntryInput], optional("Words said otherwise than written, at most 500."))
  readonly lexicon?: LexiconEntryInput[] | null;
}
