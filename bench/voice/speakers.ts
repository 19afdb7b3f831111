import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PromptedRecording } from "../../src/audio/adaptation/train.js";
import { prepareRecording } from "../../src/audio/recordings/prepare.js";
import { MASTER_RATE } from "../../src/audio/recordings/recording.js";

/** A real person, with recordings to train with and recordings that training does not see. */
export interface Speaker {
  readonly name: string;
  readonly source: string;
  readonly training: readonly PromptedRecording[];
  readonly heldOut: readonly PromptedRecording[];
}

type Prompt = readonly [file: string, transcript: string];

interface NamedSpeaker {
  readonly name: string;
  /** The Debian package with the recordings. */
  readonly source: string;
  readonly folder: string;
  readonly training: readonly Prompt[];
  readonly heldOut: readonly Prompt[];
}

/*
 * These speakers and held-out sentences were chosen before the adaptation was tuned. Training reads no
 * held-out recording. The adaptation was tuned with these two speakers, so that others may come out worse.
 */
const NAMED: readonly NamedSpeaker[] = [
  {
    name: "librivox",
    source: "pocketsphinx-testdata: a reader of LibriVox, Sense and Sensibility, chapter 1",
    folder: "usr/share/pocketsphinx/test/data/librivox",
    training: [
      [
        "sense_and_sensibility_01_austen_64kb-0870.wav",
        "and Mister John Dashwood had then leisure to consider how much there might be prudently in his power to do for them.",
      ],
      [
        "sense_and_sensibility_01_austen_64kb-0890.wav",
        "unless to be rather cold hearted, and rather selfish, is to be ill disposed.",
      ],
      [
        "sense_and_sensibility_01_austen_64kb-0920.wav",
        "Had he married a more amiable woman, he might have been made still more respectable than he was.",
      ],
    ],
    heldOut: [
      ["sense_and_sensibility_01_austen_64kb-0880.wav", "He was not an ill disposed young man,"],
      [
        "sense_and_sensibility_01_austen_64kb-0930.wav",
        "he might even have been made amiable himself.",
      ],
    ],
  },
  {
    name: "allison",
    source: "asterisk-core-sounds-en-g722: Allison Smith, the prompts of Asterisk",
    folder: "usr/share/asterisk/sounds/en_US_f_Allison",
    training: [
      [
        "demo-congrats.g722",
        "Congratulations. You have successfully installed and executed the Asterisk open source PBX. You have also installed a set of sample sounds and configuration files that should help you to get started. Like a normal PBX you will navigate this demonstration by dialing digits. If you are using a console channel driver instead of a real phone you can use the dial, answer, and hang up commands to simulate the actions of a standard telephone.",
      ],
      [
        "demo-abouttotry.g722",
        "I am about to attempt an Inter-Asterisk Exchange connection to a demonstration server located at Digium. In order for this to work you must already be connected to the Internet. Please wait a moment while I attempt to make the connection.",
      ],
    ],
    heldOut: [
      [
        "demo-nogo.g722",
        "I am afraid I was unable to create a connection to the Digium demonstration Asterisk server. You may find some helpful debugging information on the Asterisk console.",
      ],
      [
        "tt-allbusy.g722",
        "All representatives of the household are currently assisting other telemarketers. Please hold and your call will be answered in the order it was received.",
      ],
    ],
  },
];

/** Sentences that no speaker recorded, for the word error rate: IEEE 1969, Harvard lists 1 and 2. */
export const HELD_OUT_SENTENCES: readonly string[] = [
  "The birch canoe slid on the smooth planks.",
  "Glue the sheet to the dark blue background.",
  "It is easy to tell the depth of a well.",
  "These days a chicken leg is a rare dish.",
  "Rice is often served in round bowls.",
  "The juice of lemons makes fine punch.",
  "The box was thrown beside the parked truck.",
  "The hogs were fed chopped corn and garbage.",
  "Four hours of steady work faced us.",
  "A large size in stockings is hard to sell.",
  "The boy was there when the sun rose.",
  "A rod is used to catch pink salmon.",
  "The source of the huge river is the clear spring.",
  "Kick the ball straight and follow through.",
  "Help the woman get back to her feet.",
  "A pot of tea helps to pass the evening.",
  "Smoky fires lack flame and heat.",
  "The soft cushion broke the man's fall.",
  "The salt breeze came across from the sea.",
  "The girl at the booth sold fifty bonds.",
];

/** Returns the named speakers whose package is installed below `root`. */
export async function findSpeakers(root: string): Promise<readonly Speaker[]> {
  const speakers: Speaker[] = [];
  for (const { name, source, folder, ...prompts } of NAMED) {
    if (!existsSync(join(root, folder))) continue;
    const load = async ([file, transcript]: Prompt) =>
      readRecording(join(root, folder, file), transcript);
    const training = await Promise.all(prompts.training.map(load));
    const heldOut = await Promise.all(prompts.heldOut.map(load));
    speakers.push({ name, source, training, heldOut });
  }
  return speakers;
}

/** The packages with the recordings of the named speakers. */
export const PACKAGES = NAMED.map(({ source }) => source.split(":")[0]).join(" ");

const CONVERTER = "ffmpeg";

/**
 * Reads a file and makes its master, as for an upload. ffmpeg converts G.722, which is no format of an
 * upload.
 */
export async function readRecording(path: string, transcript: string): Promise<PromptedRecording> {
  const file = path.endsWith(".g722")
    ? execFileSync(CONVERTER, ["-v", "error", "-i", path, "-f", "wav", "-"], {
        maxBuffer: 2 ** 28,
      })
    : readFileSync(path);
  const { master } = await prepareRecording({
    sizeBytes: file.length,
    read: async (start, end) => file.subarray(start, end),
  });
  return { sound: { pcm: master, sampleRate: MASTER_RATE }, transcript };
}
