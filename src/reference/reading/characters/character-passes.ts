import type { ApparatusSpan } from "../span.js";
import { findCharacterSpans } from "./character-spans.js";
import { findDropCaps } from "./drop-caps.js";
import { findEmphasis } from "./emphasis.js";
import { findEntities } from "./entities.js";
import { findTags } from "./tags.js";

/**
 * The passes that read characters, in order. An escaped tag is no tag, so tags are found before entities are
 * decoded.
 */
export const CHARACTER_PASSES: readonly ((text: string) => readonly ApparatusSpan[])[] = [
  findTags,
  findEntities,
  findCharacterSpans,
  findEmphasis,
  findDropCaps,
];
