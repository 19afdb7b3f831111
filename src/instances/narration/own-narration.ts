import type { NarrationDetails, NarrationStatus, NarrationVisibility } from "./narration.entity.js";
import type { NarrationFailure, NarrationView, WholeNarration } from "./narration-view.js";
import type { ListedNarration } from "./narration.store.js";

const NO_VOICES: WholeNarration["publishedVoices"] = [];

/** A narration as its owner sees it. Reads its row when a member is read, because a list has many rows. */
export class OwnNarration implements NarrationView {
  readonly isOwn = true;
  readonly publishedVoices = NO_VOICES;
  readonly publishedLegacySound = null;

  constructor(private readonly row: ListedNarration) {}

  /** Returns the narration with its details. */
  with(details: NarrationDetails): WholeOwnNarration {
    return new WholeOwnNarration(this.row, details);
  }

  get narrationId(): string {
    return this.row.id;
  }

  get narratorUserId(): string {
    return this.row.userId;
  }

  get storyId(): number {
    return this.row.referenceStoryId;
  }

  get analysisId(): number | null {
    return this.row.analysisId;
  }

  get title(): string | null {
    return this.row.title;
  }

  get narratorVoice(): string {
    return this.row.narratorVoice;
  }

  get narratorVoiceName(): string {
    return this.row.narratorVoiceName;
  }

  get narratorVoiceType(): "ai" | "user" {
    return this.row.narratorVoiceType;
  }

  get segmentCount(): number {
    return this.row.segmentCount;
  }

  get status(): NarrationStatus {
    return this.row.status;
  }

  get failure(): NarrationFailure | null {
    return this.row.failure && readFailure(this.row.failure);
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

  get shareToken(): string | null {
    return this.row.shareToken;
  }

  get version(): number {
    return this.row.version;
  }

  get createdAt(): Date {
    return this.row.createdAt;
  }

  get updatedAt(): Date {
    return this.row.updatedAt;
  }

  get publishedAt(): Date | null {
    return this.row.publishedAt;
  }
}

/** A narration as its owner sees it, with its details. */
export class WholeOwnNarration extends OwnNarration implements WholeNarration {
  constructor(
    row: ListedNarration,
    private readonly details: NarrationDetails,
  ) {
    super(row);
  }

  get voiceCast(): NarrationDetails["voiceCast"] {
    return this.details.voiceCast;
  }

  get voiceModifications(): NarrationDetails["voiceModifications"] {
    return this.details.voiceModifications;
  }

  get audio(): NarrationDetails["audio"] {
    return this.details.audio;
  }
}

// A failure that an earlier version of the server wrote, or that was migrated, may lack members.
function readFailure(failure: object): NarrationFailure {
  const { code, message, position }: Partial<Record<keyof NarrationFailure, unknown>> = failure;
  return {
    code: typeof code === "string" ? code : "RENDER_FAILED",
    message:
      typeof message === "string" ? message : "Rendering failed; render the narration again.",
    position: typeof position === "number" ? position : null,
  };
}
