import { Field, ObjectType } from "type-graphql";
import type { Degradation as SpeechDegradation } from "../../../providers/speech/speech.port.js";
import { graphqlEnum } from "../../enum.js";

type SpeechFeature = SpeechDegradation["feature"];

const FEATURES = {
  RATE: ["rate", "The speaking rate."],
  PITCH: ["pitch", "The mean pitch."],
  RANGE: ["range", "The pitch range."],
  RISE: ["rise", "The rise of the pitch at the end."],
  GAIN: ["gain", "The loudness."],
  TILT: ["tilt", "The gain above 1 kHz."],
  BREATH: ["breath", "The breathiness of the voice."],
  TREMOR: ["tremor", "The unsteadiness of the voice."],
  WHISPER: ["whisper", "Whispering."],
  TEXT: ["text", "All signs and words of the text."],
  TIMING: ["timing", "The time of each word."],
} satisfies Record<Uppercase<SpeechFeature>, readonly [SpeechFeature, string]>;

const SpeechFeatureType = graphqlEnum(
  "SpeechFeature",
  "A feature of speech that a segment can request. New values may be added: show the reason.",
  FEATURES,
);

@ObjectType({ description: "A requested feature that the sound lacks." })
export class Degradation {
  @Field(() => SpeechFeatureType, { simple: true, description: "The feature." })
  readonly feature!: SpeechFeature;

  @Field(() => String, { simple: true, description: "The reason, as a text to show to people." })
  readonly reason!: string;
}

/** What a stored sound lacks. A later version of the server may have stored features that this one lacks. */
export const toDegradations = (
  stored: readonly { readonly feature: string; readonly reason: string }[],
): readonly Degradation[] =>
  stored.flatMap(({ feature, reason }) => {
    const known = Object.values(FEATURES).find(([each]) => each === feature);
    return known ? { feature: known[0], reason } : [];
  });
