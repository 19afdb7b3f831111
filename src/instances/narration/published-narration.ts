import { type EditionEntity, EditionVisibility, isLegacySound } from "../../reference/index.js";
import { NarrationStatus, type NarrationVisibility } from "./narration.entity.js";
import type { WholeNarration } from "./narration-view.js";

/** A narration as everyone except its owner sees it: the edition, without later changes. */
export class PublishedNarration implements WholeNarration {
  readonly failure = null;
  readonly shareToken = null;
  storyTitle?: string | null;

  constructor(private readonly row: EditionEntity) {}

  get published(): NonNullable<WholeNarration["published"]> {
    const { header, audio, visibility, shareTokenHash } = this.row;
    return {
      voices: header.personalVoices ?? [],
      legacySound: isLegacySound(audio) ? audio : null,
      shareTokenHash: visibility === EditionVisibility.Unlisted ? shareTokenHash : null,
    };
  }

  get id(): string {
    return this.row.narrationId;
  }

  get userId(): string {
    return this.row.userId;
  }

  get referenceStoryId(): number {
    return this.row.referenceStoryId;
  }

  get analysisId(): number | null {
    return this.row.header.analysisId;
  }

  get title(): string | null {
    return this.row.header.title;
  }

  get narratorVoice(): string {
    return this.row.header.narratorVoice;
  }

  get narratorVoiceName(): string {
    return this.row.header.narratorVoiceName;
  }

  get narratorVoiceType(): "ai" | "user" {
    return this.row.header.narratorVoiceType;
  }

  get voiceCast(): WholeNarration["voiceCast"] {
    return this.row.header.voiceCast;
  }

  get voiceModifications(): WholeNarration["voiceModifications"] {
    return this.row.header.voiceModifications;
  }

  get forkedFrom(): WholeNarration["forkedFrom"] {
    const { forkedFrom } = this.row.header;
    return forkedFrom ? { ...forkedFrom, replacedVoices: [] } : null;
  }

  get segmentCount(): number {
    return this.row.segmentCount;
  }

  /** An edition never changes, so its audio is ready or was never made. */
  get status(): NarrationStatus {
    const { header, audioBlobKey } = this.row;
    const hasSound = header.hasSound ?? audioBlobKey !== null;
    return hasSound ? NarrationStatus.Ready : NarrationStatus.Draft;
  }

  get audio(): WholeNarration["audio"] {
    return isLegacySound(this.row.audio) ? null : this.row.audio;
  }

  get durationMs(): number | null {
    return this.row.durationMs;
  }

  get visibility(): NarrationVisibility {
    return this.row.visibility;
  }

  get unpublishedCount(): number {
    return this.row.unpublishedCount;
  }

  get version(): number {
    return this.row.edition;
  }

  get createdAt(): Date {
    return new Date(this.row.header.createdAt);
  }

  get updatedAt(): Date {
    return this.row.publishedAt;
  }

  get publishedAt(): Date {
    return this.row.publishedAt;
  }
}
