import { InvalidInputError } from "../../platform/errors.js";
import { UploadPurpose } from "./upload.entity.js";

interface PurposeRules {
  readonly maxBytes: number;
  /** Content types without parameters. `audio/*` stands for all types of sound. */
  readonly contentTypes: readonly string[];
}

const RULES: Readonly<Record<UploadPurpose, PurposeRules>> = {
  [UploadPurpose.VoiceSample]: {
    maxBytes: 50_000_000,
    // Browsers and phones name recordings without pictures video/webm or video/mp4, too. The server looks
    // into the file, so the name only keeps other files out.
    contentTypes: [
      ...["audio/*", "video/webm", "video/mp4"],
      ...["application/ogg", "application/octet-stream"],
    ],
  },
  [UploadPurpose.StoryFile]: {
    // A book with pictures. Only its text and its cover are stored.
    maxBytes: 50_000_000,
    contentTypes: [
      ...["text/*", "application/xhtml+xml", "application/epub+zip"],
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "application/octet-stream",
    ],
  },
};

/** The size of the largest file of any purpose. */
export const MOST_UPLOAD_BYTES = Math.max(...Object.values(RULES).map(({ maxBytes }) => maxBytes));

export const maxUploadBytes = (purpose: UploadPurpose): number => RULES[purpose].maxBytes;

const CONTENT_TYPE = /^[a-z]{1,40}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}$/;

/**
 * Returns the type in a Content-Type header, in lower case and without parameters. The parameters of
 * browsers, such as `codecs=opus`, say nothing that the file itself does not say. Returns null for a text
 * that is no content type.
 */
function contentTypeIn(text: string): string | null {
  const [essence = ""] = text.split(";", 1);
  const type = essence.trim().toLowerCase();
  return CONTENT_TYPE.test(type) ? type : null;
}

/** Returns true if a Content-Type header names the content type of an upload. */
export const isContentType = (header: string | undefined, contentType: string): boolean =>
  header !== undefined && contentTypeIn(header) === contentType;

/** @throws InvalidInputError if no file of this purpose may have this size */
export function requireSize(purpose: UploadPurpose, sizeBytes: number): void {
  const { maxBytes } = RULES[purpose];
  if (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= maxBytes) return;
  throw new InvalidInputError(
    `A file of ${sizeBytes} bytes cannot be sent; send a file of 0 to ${maxBytes} bytes.`,
    ["sizeBytes"],
  );
}

/**
 * Returns the content type without parameters.
 * @throws InvalidInputError if no file of this purpose may have this content type
 */
export function requireContentType(purpose: UploadPurpose, text: string): string {
  const type = contentTypeIn(text);
  const { contentTypes } = RULES[purpose];
  const family = type?.replace(/\/.*/, "/*");
  if (type !== null && contentTypes.some((each) => each === type || each === family)) return type;
  throw new InvalidInputError(
    `A file of this content type cannot be sent; choose one of ${contentTypes.join(", ")}.`,
    ["contentType"],
  );
}
