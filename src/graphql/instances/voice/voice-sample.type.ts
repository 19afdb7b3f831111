import { Field, Float, ID, InputType, Int, ObjectType } from "type-graphql";
import {
  type ConsentState,
  RecordingIssueCode,
  SampleStatus,
  VoiceSampleEntity,
} from "../../../instances/index.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { DateTime } from "../../scalars.js";
import { ConsentStateType } from "./consent.type.js";

export const SampleStatusType = graphqlEnum(
  "SampleStatus",
  "Whether the recording of a voice sample is good enough to train a voice from.",
  {
    PROCESSING: [
      SampleStatus.Processing,
      "The recording is measured, or waits for the measurement. Follow voiceSampleProgress.",
    ],
    ACCEPTED: [
      SampleStatus.Accepted,
      "The recording is good enough. A recording of the earlier platform counts as accepted until its owner adopts the recording.",
    ],
    REJECTED: [
      SampleStatus.Rejected,
      "The recording is not good enough and was not kept. `quality.issues` says what to do.",
    ],
  },
);

const RecordingIssueCodeType = graphqlEnum(
  "RecordingIssueCode",
  "A fault of a recording. New codes may be added: show the advice.",
  {
    EMPTY_FILE: [RecordingIssueCode.EmptyFile, "The file has no bytes."],
    UNKNOWN_FORMAT: [RecordingIssueCode.UnknownFormat, "The file is no sound file."],
    UNSUPPORTED_FORMAT: [
      RecordingIssueCode.UnsupportedFormat,
      "The file is a sound file or a video that this server does not read.",
    ],
    DAMAGED_FILE: [
      RecordingIssueCode.DamagedFile,
      "The file is damaged, or is not what its first bytes say.",
    ],
    TOO_LONG: [RecordingIssueCode.TooLong, "The recording is longer than three minutes."],
    NO_SPEECH: [
      RecordingIssueCode.NoSpeech,
      "The recording has no speech, for example only silence, noise or a tone.",
    ],
    TOO_SHORT: [RecordingIssueCode.TooShort, "The recording has too little speech."],
    TOO_QUIET: [RecordingIssueCode.TooQuiet, "The speech is too quiet."],
    CLIPPED: [
      RecordingIssueCode.Clipped,
      "Too much of the speech is distorted, because the level was too high.",
    ],
    NOISY: [RecordingIssueCode.Noisy, "The noise is too loud."],
    UNVOICED: [
      RecordingIssueCode.Unvoiced,
      "The speech is whispered or lacks its low frequencies.",
    ],
    RATHER_QUIET: [
      RecordingIssueCode.RatherQuiet,
      "The speech is quieter than is good. The recording is accepted.",
    ],
    SOME_CLIPPING: [
      RecordingIssueCode.SomeClipping,
      "Some of the speech is distorted. The recording is accepted.",
    ],
    SOME_NOISE: [
      RecordingIssueCode.SomeNoise,
      "The noise can be heard. The recording is accepted.",
    ],
    FILE_LOST: [RecordingIssueCode.FileLost, "This server lost the file. The fault is ours."],
    PROCESSING_FAILED: [
      RecordingIssueCode.ProcessingFailed,
      "This server could not measure the recording. The fault is ours.",
    ],
  },
);

@ObjectType({ description: "A fault of a recording, and what the person can do." })
export class RecordingIssue {
  @Field(() => RecordingIssueCodeType, { simple: true, description: "The fault." })
  readonly code!: RecordingIssueCode;

  @Field(() => String, {
    simple: true,
    description: "What is wrong and what to do, in words for the person who recorded.",
  })
  readonly advice!: string;
}

const measured = (what: string) => ({
  simple: true,
  nullable: true,
  description: `${what} null if the file could not be read, or has no speech.`,
});

@ObjectType({ description: "The measured quality of a recording." })
export class SampleQuality {
  @Field(() => Float, {
    simple: true,
    description: "The quality as one number, from 0 to 1. A rejected recording has 0.",
  })
  readonly score!: number;

  @Field(() => Float, measured("The speech in the recording without pauses, in seconds."))
  readonly speechSeconds!: number | null;

  @Field(() => Float, measured("The level of the speech above the background noise, in dB."))
  readonly snrDb!: number | null;

  @Field(() => Float, measured("The share of clipped samples, from 0 to 1."))
  readonly clipping!: number | null;

  @Field(() => Float, measured("The share of the speech that has a pitch, from 0 to 1."))
  readonly voicedShare!: number | null;

  @Field(() => Float, measured("The level of the speech as it was recorded, in dBFS."))
  readonly levelDb!: number | null;

  @Field(() => [RecordingIssue], {
    simple: true,
    description:
      "The faults, the most important first. An accepted recording may have faults that do no harm.",
  })
  readonly issues!: readonly RecordingIssue[];
}

@ObjectType({
  implements: Node,
  description: "A recording of the viewer's voice, made for one template.",
})
export class UserVoiceSample extends Node {
  @Field(() => ConsentStateType, {
    simple: true,
    description: "Whether the voice sample may be used.",
  })
  readonly state!: ConsentState;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The words in the recording; null if the words are unknown.",
  })
  readonly transcript!: string | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "The length of the recording in milliseconds; null until the length is measured.",
  })
  readonly durationMs!: number | null;

  @Field(() => Boolean, {
    simple: true,
    description: "True if this voice sample is the preferred sample of its template.",
  })
  readonly isPreferred!: boolean;

  @Field(() => Boolean, {
    simple: true,
    description:
      "True if a voice was trained from this voice sample. The voice sample cannot be deleted while that voice lives.",
  })
  readonly isLocked!: boolean;

  @Field(() => DateTime, { simple: true, description: "When the voice sample was recorded." })
  readonly recordedAt!: Date;
}
isResolvedFrom("UserVoiceSample", VoiceSampleEntity);

@ObjectType({ description: "What a voice for a template still needs." })
export class MissingSpeech {
  @Field(() => Float, {
    simple: true,
    description:
      "The seconds of speech that are missing for this template; 0 if there are enough. For an adapted voice, only speech with a transcript counts.",
  })
  readonly speechSeconds!: number;

  @Field(() => Boolean, {
    simple: true,
    description: "True if the neutral template needs more speech first.",
  })
  readonly neutralSample!: boolean;
}

@ObjectType({ description: "How much speech the viewer recorded for a template." })
export class RecordedSpeech {
  @Field(() => Float, {
    simple: true,
    description:
      "The speech in all accepted voice samples that may be used now, added up, in seconds.",
  })
  readonly speechSeconds!: number;

  @Field(() => Float, {
    simple: true,
    description:
      "The part of speechSeconds in voice samples without a transcript, in seconds. An adapted voice is not trained from this part, because the engine must know the words.",
  })
  readonly secondsWithoutTranscript!: number;

  @Field(() => Float, {
    simple: true,
    description: "The least speech that a voice is trained from, in seconds.",
  })
  readonly requiredSeconds!: number;

  @Field(() => MissingSpeech, { simple: true, description: "What is still missing." })
  readonly missing!: MissingSpeech;
}

@InputType({ description: "A new voice sample of the viewer." })
export class AddVoiceSampleInput {
  @Field(() => ID, { description: "The template that the recording is for. It must be trainable." })
  readonly templateId!: string;

  @Field(() => ID, {
    description: "An upload with the purpose VOICE_SAMPLE whose file has arrived.",
  })
  readonly uploadId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The words in the recording, at most 2,000 characters. Send the text of the prompt if the person read a prompt.",
  })
  readonly transcript?: string | null;
}

@InputType()
abstract class VoiceSampleInput {
  @Field(() => ID, { description: "The id of one of the viewer's voice samples." })
  readonly id!: string;
}

@InputType({ description: "The voice sample to prefer." })
export class PreferVoiceSampleInput extends VoiceSampleInput {}
@InputType({ description: "The voice sample to delete." })
export class DeleteVoiceSampleInput extends VoiceSampleInput {}
@InputType({ description: "The voice sample of the earlier platform to adopt." })
export class AdoptVoiceSampleInput extends VoiceSampleInput {}

export const { Connection: UserVoiceSampleConnection } = connectionTypes(
  UserVoiceSample,
  "UserVoiceSample",
);
