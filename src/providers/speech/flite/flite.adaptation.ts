import type { Engine } from "../../../audio/adaptation/train.js";
import type { BaseVoice, EngineSettings } from "../../../audio/adaptation/voice-model.js";
import type { Sound } from "../../../audio/signal/wav.js";
import { runFlite } from "./flite.engine.js";
import { PROVIDER, findFliteVoice } from "./flite.voices.js";
import { breaths, lineOf, prepareSpokenText } from "../spoken-text.js";

/**
 * The voices that can be adapted. A speech recogniser understands slt and awb best. The melody of rms
 * has to be changed after the engine, and kal16 sounds more like a machine.
 */
const HANDICAPS = { slt: 1, awb: 1, rms: 1.08, kal16: 1.25 } as const;

const MAX_BREATH_CHARS = 600;
const BREATH_PAUSE_SECONDS = 0.3;

/** The embedded engine as the adaptation uses it. Runs in the thread of the caller. */
export const fliteEngine: Engine = { voices: listBases(), speak };

function listBases(): readonly BaseVoice[] {
  return Object.entries(HANDICAPS).flatMap(([name, handicap]) => {
    const engine = findFliteVoice(`${PROVIDER}:${name}`)?.engine;
    return engine ? [{ ...engine, handicap }] : [];
  });
}

async function speak(text: string, voice: string, settings: EngineSettings): Promise<Sound> {
  const said: Sound[] = [];
  for (const units of breaths(prepareSpokenText(text).units, MAX_BREATH_CHARS)) {
    said.push(await runFlite(lineOf(units), { ...settings, voice }));
  }
  const sampleRate = said[0]?.sampleRate ?? SAMPLE_RATE;
  const pause = Math.round(BREATH_PAUSE_SECONDS * sampleRate);
  const pcm = new Float32Array(said.reduce((sum, sound) => sum + sound.pcm.length + pause, 0));
  let at = 0;
  for (const sound of said) {
    pcm.set(sound.pcm, at);
    at += sound.pcm.length + pause;
  }
  return { pcm, sampleRate };
}

const SAMPLE_RATE = 16_000;
