import {
  type LegacySound,
  type NarrationView,
  extensionOf,
  mediaGrantOf,
} from "../../../instances/index.js";
import type { MediaLinks } from "../../context.js";

/**
 * Returns the URL of a narration's sound of the legacy platform. `expiresAt` is null if this server did
 * not sign the URL.
 * @param name the name for saving the file, without an extension
 */
export function linkOfLegacySound(
  media: MediaLinks,
  narration: Pick<NarrationView, "id" | "unpublishedCount">,
  sound: LegacySound,
  name: string,
): { readonly url: string | null; readonly expiresAt: Date | null } {
  const { blobKey: key, address, contentType } = sound;
  if (key === null || contentType === null) return { url: address, expiresAt: null };
  const fileName = `${name}.${extensionOf(sound)}`;
  return media.sign({ key, fileName, contentType, grant: mediaGrantOf(narration, key) });
}
