import { type Tx, runAsUser } from "../../../platform/database/transactions/database.js";
import type { VoiceCatalogue } from "../../../providers/speech/speech.port.js";
import type { AnalysisEntity } from "../../../reference/index.js";
import { type Owner, ownerOf } from "../../owner.js";
import { isPersonalVoiceId } from "../../personal-voice/personal-voice.js";
import { type CastMember, type NamedVoice, castVoices } from "../voices/cast.js";
import type { NarrationEntity } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { pendingScriptStore } from "./pending-script.store.js";
import { scriptStore } from "./script.store.js";

/** Writes scripts and casts from a story's analysis. */
export class ScriptWriter {
  constructor(private readonly voices: VoiceCatalogue) {}

  /** Copies the analysis' segments into the narration's script and gives voices to the characters. */
  async write(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
    analysis: AnalysisEntity,
  ): Promise<NarrationEntity> {
    const segmentCount = await scriptStore.writeFromAnalysis(tx, owner, narration.id, analysis.id);
    return narrationStore.update(tx, owner, narration, {
      analysisId: analysis.id,
      segmentCount,
      scriptHash: await scriptStore.hash(tx, owner, narration.id),
      voiceCast: this.castCharacters(analysis, {
        id: narration.narratorVoice,
        displayName: narration.narratorVoiceName,
      }),
    });
  }

  /**
   * Writes the scripts that waited for this analysis. Writes each script with the rights of the
   * narration's owner. Call this in the transaction that stores the analysis.
   */
  async writePending(tx: Tx, analysis: AnalysisEntity): Promise<void> {
    for (const { userId, narrationId } of await pendingScriptStore.takeReady(tx, analysis.id)) {
      const owner = ownerOf(userId);
      await runAsUser(tx, userId, async () => {
        const narration = await narrationStore.lock(tx, owner, narrationId);
        if (narration) await this.write(tx, owner, narration, analysis);
      });
    }
  }

  /**
   * Chooses the voices of the characters again, after the owner changed the narrator's voice. A
   * character keeps a voice that the owner chose.
   */
  recastForNarrator(
    { voiceCast }: Pick<NarrationEntity, "voiceCast">,
    analysis: AnalysisEntity,
    narrator: NamedVoice,
  ): readonly CastMember[] {
    const chosen = new Map(
      voiceCast.filter((member) => !member.isAutomatic).map((each) => [each.characterId, each]),
    );
    return this.castCharacters(analysis, narrator).map(
      (member) => chosen.get(member.characterId) ?? member,
    );
  }

  private castCharacters(
    { characters, language }: AnalysisEntity,
    narrator: NamedVoice,
  ): CastMember[] {
    const isKnown = this.voices.find(narrator.id) !== null || isPersonalVoiceId(narrator.id);
    return castVoices({
      ...{ characters, language, voices: this.voices.voices },
      narrator: isKnown ? narrator : null,
    });
  }
}
