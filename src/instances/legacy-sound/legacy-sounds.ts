import type { PublishedLegacySound } from "../../reference/index.js";
import type { NarrationView } from "../narration/narration-view.js";
import type { NarrationSegmentEntity } from "../narration/narration.entity.js";
import { addressOf, linkInItem, parseLegacyLink } from "./legacy-link.js";
import type { LegacySoundLoaders } from "./legacy-sound.loaders.js";
import type { LegacySoundFile, LinkedNarration } from "./legacy-sound.store.js";

/**
 * Sound of the legacy platform that a viewer can play, in the format that it has there. Either `blobKey`
 * or `address` is null.
 */
export interface LegacySound {
  readonly blobKey: string | null;
  /** A link that clients open themselves. The server never opens it. */
  readonly address: string | null;
  /** Without parameters. Null if the format is not known. */
  readonly contentType: string | null;
  readonly sizeBytes: number | null;
  readonly durationMs: number | null;
}

type SoundedNarration = Pick<NarrationView, "id" | "published">;

/** The parts of a segment's row that decide whether the segment has sound of the legacy platform. */
export type LegacySegment = Pick<NarrationSegmentEntity, "isEdited" | "recipeKey" | "extra">;

/** Finds the sound that migrated narrations have from the legacy platform. Callers prefer sound of ours. */
export class LegacySounds {
  /** @param mediaUrl the address in front of relative links; null gives no sound for such links */
  constructor(private readonly mediaUrl: string | null) {}

  /**
   * Returns the legacy sound of a whole narration, also if the narration has sound of ours. Reads the row of
   * each of the viewer's own narrations, so that the number of statements does not depend on the rows.
   */
  async ofNarration(
    { id, published }: SoundedNarration,
    rows: LegacySoundLoaders | undefined,
  ): Promise<LegacySound | null> {
    if (published) return published.legacySound && this.ofEdition(published.legacySound);
    const found = await rows?.ofNarration.load(id);
    return found ? this.follow(found.link, found.row) : null;
  }

  /**
   * Returns the legacy sound of a segment. A segment that its owner changed here, or that Fabula has
   * rendered, has none: people would hear other words than they read.
   */
  async ofSegment(
    { isEdited, recipeKey, extra }: LegacySegment,
    rows: LegacySoundLoaders | undefined,
  ): Promise<LegacySound | null> {
    if (isEdited || recipeKey !== null) return null;
    const text = linkInItem(extra);
    const link = parseLegacyLink(text);
    const row = link?.kind === "sound" ? await rows?.byId.load(link.id) : null;
    return this.follow(text, row ?? null);
  }

  /** Returns the sound that an edition has, or a segment of an edition. */
  ofEdition({ blobKey, link, ...facts }: PublishedLegacySound): LegacySound | null {
    if (blobKey === null) return this.follow(link, null);
    const { contentType, sizeBytes, durationMs } = facts;
    const name = nameOf(contentType ?? "");
    return { blobKey, address: null, contentType: name, sizeBytes, durationMs };
  }

  /** Returns the sound that a link leads to. `file` is the file of a link `audio://<id>`. */
  private follow(text: string | null, file: LegacySoundFile | null): LegacySound | null {
    const link = parseLegacyLink(text);
    if (link === null) return null;
    if (link.kind === "sound") return file && soundOf(file);
    const address = addressOf(link, this.mediaUrl);
    const contentType = link.kind === "data" ? nameOf(link.contentType) : null;
    const unknown = { blobKey: null, sizeBytes: null, durationMs: null };
    return address === null ? null : { ...unknown, address, contentType };
  }
}

/**
 * Returns the sound of a migrated narration for its edition: the file, or the link as it is. Returns null
 * if the link leads to no sound.
 */
export function publishLegacySound({
  link: text,
  row,
}: LinkedNarration): PublishedLegacySound | null {
  const link = parseLegacyLink(text);
  if (link === null) return null;
  const unknown = { contentType: null, sizeBytes: null, durationMs: null };
  if (link.kind !== "sound") return { isLegacy: true, blobKey: null, link: text, ...unknown };
  if (row === null) return null;
  const { blobKey, contentType, sizeBytes, durationMs } = soundOf(row);
  return { isLegacy: true, blobKey, link: null, contentType, sizeBytes, durationMs };
}

const soundOf = ({
  blobKey,
  contentType,
  sizeBytes,
  durationMs,
}: LegacySoundFile): LegacySound => ({
  ...{ blobKey, address: null, durationMs },
  contentType: nameOf(contentType),
  sizeBytes: Number(sizeBytes),
});

const NAMES: Readonly<Record<string, string>> = {
  "audio/mp3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "audio/x-m4a": "audio/mp4",
};
const SOUND_TYPE = /^(?:audio|video)\/[a-z0-9][a-z0-9.+-]{0,80}$/;

/**
 * Returns the usual name of a content type, without parameters. The legacy platform let programs write
 * any text there, and a browser must not get a page or a script from it.
 */
function nameOf(contentType: string): string {
  const [essence = ""] = contentType.split(";", 1);
  const type = essence.trim().toLowerCase();
  return SOUND_TYPE.test(type) ? (NAMES[type] ?? type) : "application/octet-stream";
}

/** The formats of narrations that players ask for, by the content types that have these formats. */
const FORMATS: Readonly<Record<string, "mp3" | "wav">> = {
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
};

/** Returns true if the sound has this format of narrations. */
export const hasFormat = ({ contentType }: LegacySound, format: string): boolean =>
  contentType !== null && FORMATS[contentType] === format;

const EXTENSIONS: Readonly<Record<string, string>> = {
  ...{ "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/webm": "webm" },
  ...{ "audio/mp4": "m4a", "audio/aac": "aac", "audio/flac": "flac" },
  ...{ "video/mp4": "mp4", "video/webm": "webm" },
};

/** Returns the extension of a file with this sound. */
export const extensionOf = ({ contentType }: LegacySound): string =>
  EXTENSIONS[contentType ?? ""] ?? "bin";
