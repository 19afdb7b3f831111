import type { DeliveryChange, NarrationDetails, NarrationView } from "../../../instances/index.js";
import { type GlobalIdType, toGlobalId } from "../../relay/global-id.js";

/** The source object of the CharacterModification fields. */
export interface CharacterModificationSource extends DeliveryChange {
  readonly id: string;
  readonly characterId: string;
  readonly narration: NarrationView;
}

/** Returns the changes to a narration's delivery. Each change has the id of its narration and of its item. */
export function toVoiceModifications(
  narration: NarrationView,
  stored: NarrationDetails["voiceModifications"],
) {
  const { emotions, characters, lexicon, ...prosody } = stored;
  const idOf = (type: GlobalIdType, item: string) => toGlobalId(type, `${narration.id}.${item}`);
  return {
    id: toGlobalId("VoiceModifications", narration.id),
    ...prosody,
    emotions: (emotions ?? []).map((change) => ({
      ...change,
      id: idOf("EmotionModification", change.emotion),
    })),
    characters: (characters ?? []).map((change): CharacterModificationSource => ({
      ...{ ...change, narration },
      id: idOf("CharacterModification", change.characterId),
    })),
    lexicon: (lexicon ?? []).map((entry) => ({ ...entry, id: idOf("LexiconEntry", entry.word) })),
  };
}
