/** What a phase does, and which locks it takes. */
export interface PhasePlan {
  readonly phase: string;
  readonly does: string;
  readonly locks: string;
}

export const PHASES: readonly PhasePlan[] = [
  {
    phase: "expand",
    does: "creates our schemas and legacy_sync beside the legacy tables, and adds triggers to them. From then on, transactions at SERIALIZABLE that change voice_modulation_templates at the same time conflict",
    locks:
      "SHARE ROW EXCLUSIVE on one legacy table at a time, for milliseconds. A statement of the old application waits at most 300 ms; then expand steps back and tries again",
  },
  {
    phase: "backfill",
    does: "copies the rows in batches of 50 ms; can be paused, stopped and killed",
    locks:
      "KEY SHARE on the rows of a batch. Only a statement that deletes such a row or changes its id waits, until the batch ends",
  },
  {
    phase: "backfill --audio",
    does: "moves the sound of audio_files into the storage, and reads each file back; can be paused, stopped and killed",
    locks: "none on the legacy tables beyond those of a SELECT",
  },
  {
    phase: "verify",
    does: "compares every row of both models; changes nothing, unless with --repair",
    locks: "none beyond those of a SELECT",
  },
  {
    phase: "rollback",
    does: "drops the triggers; the legacy tables are complete",
    locks: "ACCESS EXCLUSIVE on one legacy table at a time, for milliseconds, as for expand",
  },
  {
    phase: "contract",
    does: "drops legacy_sync and the legacy tables, when the old application is off",
    locks: "ACCESS EXCLUSIVE on the legacy tables",
  },
];
