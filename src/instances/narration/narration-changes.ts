import type { Tx } from "../../platform/database/transactions/database.js";
import type { InputProblems } from "../../platform/input/input-problems.js";
import { hasValues } from "../../platform/database/writing/has-values.js";
import { type AnalysisEntity, analysisStore } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import type { OfferedVoice } from "../personal-voice/offered-voices.js";
import type { CheckedNarration } from "./narration-input.js";
import type { NarrationEntity } from "./narration.entity.js";
import { type NarrationValues, narrationStore } from "./narration.store.js";
import { scriptStore } from "./script/script.store.js";
import type { NamedVoice } from "./voices/cast.js";
import { changeModifications } from "./voices/modification-change.js";
import { tidyModifications } from "./voices/voice-modifications.js";

export const narratorOf = ({ id, displayName, type }: OfferedVoice) => ({
  narratorVoice: id,
  narratorVoiceName: displayName,
  narratorVoiceType: type,
});

/** The narrator's voice that a narration has. */
export const narratorIn = (narration: NarrationEntity): NamedVoice => ({
  id: narration.narratorVoice,
  displayName: narration.narratorVoiceName,
});

/** Returns the new modifications of a narration. Returns nothing if they stay. */
export function deliveryOf(
  { voiceModifications: stored }: NarrationEntity,
  { voiceModifications, modify }: Pick<CheckedNarration, "voiceModifications" | "modify">,
  problems: InputProblems,
): Pick<NarrationValues, "voiceModifications"> {
  if (voiceModifications) return { voiceModifications };
  return modify ? { voiceModifications: changeModifications(stored, modify, problems) } : {};
}

interface Changes {
  /** undefined keeps the title. */
  readonly title: string | null | undefined;
  /** How the script is spoken. An absent member stays. */
  readonly delivery: NarrationValues;
}

/** Writes the changes of a locked narration. Writes nothing if the narration has these values. */
export async function storeChanges(
  tx: Tx,
  owner: Owner,
  narration: NarrationEntity,
  { title, delivery }: Changes,
): Promise<NarrationEntity> {
  const { voiceModifications: modifications, narratorVoice, voiceCast } = narration;
  const spoken = { narratorVoice, voiceCast, voiceModifications: tidyModifications(modifications) };
  const { narratorVoiceName: _name, narratorVoiceType: _type, ...compared } = delivery;
  const isSpokenAnew = !hasValues<NarrationValues>(spoken, compared);
  if (!isSpokenAnew && (title === undefined || title === narration.title)) return narration;
  return narrationStore.update(tx, owner, narration, {
    ...(title === undefined ? {} : { title }),
    ...(isSpokenAnew ? { ...delivery, ...(await hashOfScript(tx, owner, narration)) } : {}),
  });
}

/**
 * Returns the hash of the script. A migrated narration has none until its owner changes it here, and its
 * old sound can be published until then.
 */
const hashOfScript = async (tx: Tx, owner: Owner, { id, scriptHash }: NarrationEntity) => ({
  scriptHash: scriptHash ?? (await scriptStore.hash(tx, owner, id)),
});

/** Returns the analysis that the narration's script was copied from. */
export async function findAnalysis(
  tx: Tx,
  { analysisId }: NarrationEntity,
): Promise<AnalysisEntity | null> {
  if (analysisId === null) return null;
  const [analysis] = await analysisStore.byIds(tx, [analysisId]);
  return analysis ?? null;
}
