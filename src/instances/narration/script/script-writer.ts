import { type Tx, runAsUser } from "../../../platform/database/transactions/database.js";
import type { VoiceCatalogue } from "../../../providers/speech/speech.port.js";
import type { AnalysisEntity } from "../../../reference/index.js";
import { type Owner, ownerOf } from "../../owner.js";
import { isPersonalVoiceId } from "../../personal-voice/personal-voice.js";
import { type CastMember, type NamedVoice, castVoices } from "../voices/cast.js";
import type { NarrationEntity } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { pendingScriptStore } from "./pending-script.store.js";
import { unchangedHash } from "./script-hash.js";
import { scriptStore } from "./script.store.js";

/** Writes scripts and casts from a story's analysis. */
export class ScriptWriter {
  constructor(
    private readonly use: {
      readonly voices: VoiceCatalogue;
      /** Tells the owner's clients that the narration has its script. */
      readonly announce: (tx: Tx, narrationId: string) => Promise<void>;
    },
  ) {}

  /** Returns what a narration with the analysis' script has, besides the script itself. */
  scriptOf(
    analysis: AnalysisEntity,
    narrator: NamedVoice,
  ): Pick<NarrationEntity, "analysisId" | "segmentCount" | "scriptHash" | "voiceCast"> {
    return {
      analysisId: analysis.id,
      segmentCount: analysis.segmentCount,
      scriptHash: unchangedHash(analysis.id),
      voiceCast: this.castCharacters(analysis, narrator),
    };
  }

  /** Copies the analysis' segments into the narration's script. */
  async copySegments(
    tx: Tx,
    owner: Owner,
    { id }: NarrationEntity,
    analysis: AnalysisEntity,
  ): Promise<void> {
    const copied = await scriptStore.writeFromAnalysis(tx, owner, id, analysis.id);
    if (copied === analysis.segmentCount) return;
    throw new Error(
      `Analysis ${analysis.id} has ${copied} segments instead of ${analysis.segmentCount}.`,
    );
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
        if (!narration || narration.segmentCount > 0) return;
        await this.copySegments(tx, owner, narration, analysis);
        const { narratorVoice: voice, narratorVoiceName: displayName } = narration;
        const script = this.scriptOf(analysis, { id: voice, displayName });
        await narrationStore.setByServer(tx, owner, narration.id, script);
        await this.use.announce(tx, narrationId);
      });
    }
  }

  /**
   * Chooses the voices of the characters again, after the owner changed the narrator's voice. A
   * character keeps a voice that the owner chose. Without a new voice or an analysis, returns the cast as
   * it is.
   */
  recastForNarrator(
    { voiceCast }: Pick<NarrationEntity, "voiceCast">,
    analysis: AnalysisEntity | null,
    narrator: NamedVoice | null,
  ): readonly CastMember[] {
    if (!analysis || !narrator) return voiceCast;
    const chosen = new Map(
      voiceCast.filter((member) => !member.isAutomatic).map((each) => [each.characterId, each]),
    );
    return this.castCharacters(analysis, narrator).map(
      (member) => chosen.get(member.characterId) ?? member,
    );
  }

  /** Returns the cast of another analysis. Some characters keep their members. */
  recastForAnalysis(
    analysis: AnalysisEntity,
    { narratorVoice: id, narratorVoiceName: displayName }: NarrationEntity,
    kept: ReadonlyMap<string, CastMember>,
  ): readonly CastMember[] {
    return this.castCharacters(analysis, { id, displayName }, kept);
  }

  private castCharacters(
    { characters, language }: AnalysisEntity,
    narrator: NamedVoice,
    kept?: ReadonlyMap<string, CastMember>,
  ): CastMember[] {
    const isKnown = this.use.voices.find(narrator.id) !== null || isPersonalVoiceId(narrator.id);
    return castVoices({
      ...{ characters, language, voices: this.use.voices.voices },
      narrator: isKnown ? narrator : null,
      ...(kept ? { kept } : {}),
    });
  }
}
