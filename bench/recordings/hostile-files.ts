import { EncodedPacket, Mp4OutputFormat, WebMOutputFormat } from "mediabunny";
import type { Sound } from "../../src/audio/signal/wav.js";
import { containerLies } from "./container-lies.js";
import { ENCODERS, FIXTURE_KINDS, fixture, muxed, speechOf, wavOf } from "./recorded-files.js";
import { seededRandom } from "./seeded-random.js";
import { wavLies } from "./wav-lies.js";

/** A file that should not become a voice sample. */
export interface HostileFile {
  readonly kind: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

const RATE = 16_000;
type NamedFiles = readonly (readonly [name: string, bytes: Uint8Array])[];

/** Makes about 250 corrupt or lying files. The same files each time. */
export async function hostileFiles(): Promise<readonly HostileFile[]> {
  const good = await goodFiles();
  const kinds: Readonly<Record<string, NamedFiles>> = {
    "cut off": good.flatMap(([name, file]) => cuts(name, file)),
    "noise after a good header": good.flatMap(([name, file]) => noiseAfterHeader(name, file)),
    "flipped bytes": good.map(([name, file]) => [name, flipped(file)] as const),
    "junk in the middle": good.map(([name, file]) => [name, junkInside(file)] as const),
    "not sound": notSound(),
    video: await videos(),
    "hours in a few megabytes": await longFiles(),
    "no usable speech": await unusable(),
    "millions of tiny elements": tinyElements(),
    "lying WAV headers": wavLies(await speechOf("slt")),
    "lying containers": containerLies(new Map(good)),
  };
  return Object.entries(kinds).flatMap(([kind, files]) =>
    files.map(([name, bytes]) => ({ kind, name, bytes })),
  );
}

async function goodFiles(): Promise<NamedFiles> {
  const speech = await speechOf("slt");
  const encoded = await Promise.all(
    Object.entries(ENCODERS).map(async ([name, encode]) => [name, await encode(speech)] as const),
  );
  const committed = await Promise.all(
    Object.entries(FIXTURE_KINDS).map(
      async ([name, ending]) => [name, await fixture(`slt${ending}`)] as const,
    ),
  );
  return [...encoded, ...committed];
}

const CUTS = [0.001, 0.01, 0.05, 0.2, 0.35, 0.9];

const cuts = (name: string, file: Uint8Array): NamedFiles =>
  CUTS.map((share) => [
    `${name} after ${share * 100} %`,
    file.slice(0, Math.ceil(file.length * share)),
  ]);

const random = seededRandom(3);
const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, () => Math.floor(random() * 256));
const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));

const noiseAfterHeader = (name: string, file: Uint8Array): NamedFiles =>
  [48, 700, 5_000].map((length) => [
    `${name} after ${length} bytes`,
    joined(file.subarray(0, length), noise(200_000)),
  ]);

/** Changes a byte in every hundred. */
const flipped = (file: Uint8Array): Uint8Array =>
  file.map((byte, index) => (index % 100 === 99 ? byte ^ 0xff : byte));

const junkInside = (file: Uint8Array): Uint8Array => {
  const middle = file.length >> 2;
  return joined(file.subarray(0, middle), noise(100_000), file.subarray(middle));
};

function notSound(): NamedFiles {
  const text = (value: string) => new TextEncoder().encode(value);
  const hex = (value: string) => new Uint8Array(Buffer.from(value, "hex"));
  return [
    ["empty", new Uint8Array(0)],
    ["one byte", Uint8Array.of(0)],
    ["three bytes of a WebM file", hex("1a45df")],
    ["text", text("This is a text and no sound.\n".repeat(2_000))],
    ["HTML", text(`<!doctype html><title>404</title>${"<p>Not found</p>".repeat(500)}`)],
    ["JSON", text(JSON.stringify({ error: "not found" }))],
    ["zip", joined(hex("504b030414000000080000002100"), noise(50_000))],
    ["gzip", joined(hex("1f8b0800000000000003"), noise(50_000))],
    ["PNG", joined(hex("89504e470d0a1a0a0000000d49484452"), noise(50_000))],
    ["PDF", text(`%PDF-1.7\n${"1 0 obj\n<<>>\nendobj\n".repeat(300)}`)],
    ["AIFF", joined(text("FORM"), hex("00010000"), text("AIFFCOMM"), noise(5_000))],
    ["AMR", joined(text("#!AMR\n"), noise(5_000))],
    ["AVI", joined(text("RIFF"), hex("00100000"), text("AVI LIST"), noise(5_000))],
    ["AAC without a container", joined(hex("fff15080"), noise(20_000))],
    ["zeros", new Uint8Array(3_000_000)],
    ["ones", new Uint8Array(3_000_000).fill(0xff)],
    ["noise", noise(3_000_000)],
    ["an ID3 tag and no sound", joined(text("ID3"), hex("04000000000100"), noise(5_000))],
    ["an ID3 tag of 256 MB", joined(text("ID3"), hex("0400007f7f7f7f"), noise(5_000))],
    ["a thousand ID3 tags", joined(...Array<Uint8Array>(1000).fill(hex("49443304000000000000")))],
    ["an mp3 header and text", joined(hex("fff344c4"), text("no sound ".repeat(5_000)))],
  ];
}

/** Files with as many elements as fit into 20 MB. Each element costs a reader the same time. */
function tinyElements(): NamedFiles {
  const hex = (value: string) => new Uint8Array(Buffer.from(value, "hex"));
  const many = (start: string, element: string): Uint8Array => {
    const one = hex(element);
    return joined(hex(start), Buffer.alloc(20_000_000 - (20_000_000 % one.length), one));
  };
  const segment = "1a45dfa38018538067" + "01ffffffffffffff";
  const page = `4f6767530002${"00".repeat(20)}010141`;
  const ftyp = "0000000c667479704d344120";
  return [
    ["pages of Ogg", many("", page)],
    ["nested segments of WebM", many("1a45dfa380", "1853806701ffffffffffffff")],
    ["empty clusters of WebM", many(segment, "1f43b67580")],
    ["empty elements of WebM", many(segment, "ec80")],
    ["empty elements in a cluster", many(`${segment}1f43b67501ffffffffffffff`, "ec80")],
    ["boxes of MP4", many(ftyp, "0000000866726565")],
    ["fragments of MP4", many(ftyp, "000000106d6f6f660000000874726166")],
    ["blocks of FLAC", many("664c6143", "01000000")],
    ["chunks of WAV", many("52494646ffffffff57415645", "4c49535400000000")],
    ["frames of MP3", many("", `fffb14c4${"00".repeat(20)}`)],
  ];
}

const videos = async (): Promise<NamedFiles> =>
  Promise.all(
    ["video.webm", "video-silent.webm", "video.mp4"].map(
      async (name) => [name, await fixture(name)] as const,
    ),
  );

const HOURS_3 = 3 * 3600;
/** An Opus packet that means 20 ms of silence. */
const SILENT_OPUS = Uint8Array.of(0x78);
/** An AAC packet that means 64 ms of silence at 16 kHz. */
const SILENT_AAC = Uint8Array.of(0x01, 0x40, 0x22, 0x80, 0xa3, 0x7f, 0xf8, 0x85);

async function longFiles(): Promise<NamedFiles> {
  const opus = {
    packets: repeated(SILENT_OPUS, 0.02),
    config: { codec: "opus", numberOfChannels: 1, sampleRate: 48_000 },
  };
  const aac = {
    packets: repeated(SILENT_AAC, 0.064),
    config: {
      codec: "mp4a.40.2",
      numberOfChannels: 1,
      sampleRate: RATE,
      description: Uint8Array.of(0x14, 0x08),
    },
  };
  const webm = (appendOnly: boolean) => muxed(new WebMOutputFormat({ appendOnly }), "opus", opus);
  const mp4 = (fastStart: false | "fragmented") =>
    muxed(new Mp4OutputFormat({ fastStart }), "aac", aac);
  const minutes = new Float32Array(190 * 8_000);
  return [
    ["webm/opus", await webm(false)],
    ["webm/opus without length", await webm(true)],
    ["m4a/aac", await mp4(false)],
    ["m4a/aac fragmented", await mp4("fragmented")],
    ["mp3", await ENCODERS["mp3 CBR"]({ pcm: new Float32Array(1800 * RATE), sampleRate: RATE })],
    ["wav of 190 s", wavOf({ pcm: minutes, sampleRate: 8_000 }, { code: 1, bits: 8, channels: 1 })],
  ];
}

const repeated = (data: Uint8Array, seconds: number): readonly EncodedPacket[] =>
  Array.from(
    { length: Math.round(HOURS_3 / seconds) },
    (_, index) => new EncodedPacket(data, "key", index * seconds, seconds),
  );

async function unusable(): Promise<NamedFiles> {
  const { pcm } = await speechOf("slt");
  const made = (sampleAt: (index: number) => number) =>
    Float32Array.from({ length: 6 * RATE }, (_, index) => sampleAt(index));
  const tone = (index: number) => Math.sin((2 * Math.PI * 440 * index) / RATE);
  const sounds: Readonly<Record<string, Float32Array<ArrayBuffer>>> = {
    silence: made(() => 0),
    "a tone": made((index) => 0.3 * tone(index)),
    noise: made(() => 0.2 * (2 * random() - 1)),
    beeps: made((index) => (index % RATE < RATE / 5 ? 0.3 * tone(index) : 0)),
    "clipped speech": pcm.map((sample) => Math.max(-1, Math.min(1, sample * 10))),
    "one second of speech": pcm.slice(RATE, 2 * RATE),
    "speech in loud noise": pcm.map((sample) => sample + 0.3 * (2 * random() - 1)),
    "speech at -60 dB": pcm.map((sample) => sample / 300),
  };
  const names = ["webm/opus", "ogg/vorbis", "mp3 VBR", "wav 16"] as const;
  const files = Object.entries(sounds).flatMap(([name, sound]) =>
    names.map(async (format) => {
      const heard: Sound = { pcm: sound, sampleRate: RATE };
      return [`${name} as ${format}`, await ENCODERS[format](heard)] as const;
    }),
  );
  return Promise.all(files);
}
