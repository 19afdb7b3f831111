type NamedFiles = readonly (readonly [name: string, bytes: Uint8Array])[];

/** The numbers after the name of an MP4 box that are replaced by lies: the offset from the name. */
const BOX_NUMBERS: readonly (readonly [file: string, box: string, offset: number])[] = [
  ["m4a/aac", "moov", -4],
  ["m4a/aac", "mvhd", 16],
  ["m4a/aac", "mdhd", 16],
  ["m4a/aac", "mp4a", 20],
  ["m4a/aac", "mp4a", 28],
  ["m4a/aac", "stsd", 8],
  ["m4a/aac", "stts", 8],
  ["m4a/aac", "stsc", 8],
  ["m4a/aac", "stsz", 8],
  ["m4a/aac", "stsz", 12],
  ["m4a/aac", "stco", 8],
  ["m4a/aac", "stco", 12],
  ["m4a/aac fragmented", "trun", 8],
  ["m4a/aac fragmented", "trun", 12],
  ["m4a/aac fragmented", "tfhd", 8],
  ["m4a/aac fragmented", "moof", -4],
  ["m4a/aac fragmented", "tfdt", 8],
];

const VALUES = [0, 0x7fff_ffff, 0xffff_ffff];

/** The bytes of other containers that are replaced by lies. */
const BYTES: readonly (readonly [file: string, name: string, at: number, hex: string])[] = [
  ["ogg/opus", "255 channels", 37, "ff"],
  ["ogg/opus", "0 channels", 37, "00"],
  ["ogg/opus", "pages of 255 packets", 26, "ff"],
  ["ogg/vorbis", "255 channels", 39, "ff"],
  ["ogg/vorbis", "0 Hz", 40, "00000000"],
  ["ogg/vorbis", "4 GHz", 40, "ffffffff"],
  ["flac", "a header of 16 MB", 5, "ffffff"],
  ["flac", "blocks of 0 samples", 8, "00000000"],
  ["flac", "0 Hz", 18, "000000"],
  ["flac", "1 MHz", 18, "ffffff"],
  ["webm/opus", "an EBML header of 2^56 bytes", 4, "01ffffffffffffff"],
  ["mp3 CBR", "an ID3 tag of 256 MB", 6, "7f7f7f7f"],
];

/** Makes files whose containers lie about sizes, counts, rates and channels, or that nest junk. */
export function containerLies(good: ReadonlyMap<string, Uint8Array>): NamedFiles {
  const file = (name: string): Buffer => Buffer.from(good.get(name) ?? []);
  const boxes = BOX_NUMBERS.flatMap(([name, box, offset]) =>
    VALUES.map((value) => {
      const lying = file(name);
      lying.writeUInt32BE(value, lying.indexOf(box) + offset);
      return [`${name}: ${box} ${offset} is ${value}`, lying] as const;
    }),
  );
  const bytes = BYTES.map(([name, lie, at, hex]) => {
    const lying = file(name);
    lying.set(Buffer.from(hex, "hex"), at);
    return [`${name}: ${lie}`, lying] as const;
  });
  return [...boxes, ...bytes, ...webmLies(file("webm/opus")), ...nests()];
}

/** The elements of WebM: an id in hex, the bytes of its size, and the lie. */
const ELEMENTS: readonly (readonly [name: string, id: string, hex: string])[] = [
  ["0 channels", "9f81", "00"],
  ["255 channels", "9f81", "ff"],
  ["0 Hz", "b584", "00000000"],
  ["a rate that is not a number", "b584", "7fc00000"],
  ["a rate of 1e30 Hz", "b584", "7149f2ca"],
  ["a cluster of 2^56 bytes", "1f43b675", "01ffffffffffffff"],
  ["a segment of 1 byte", "18538067", "81"],
  ["a codec that is unknown", "8686", "41415f585858"],
];

const webmLies = (webm: Buffer): NamedFiles =>
  ELEMENTS.map(([name, id, hex]) => {
    const lying = Buffer.from(webm);
    const key = Buffer.from(id, "hex");
    const at = lying.indexOf(key);
    lying.set(Buffer.from(hex, "hex"), at + key.length);
    return [`webm/opus: ${name}`, lying] as const;
  });

const DEPTH = 5_000;

/** Boxes and elements inside each other, and a great number of tiny ones. */
function nests(): NamedFiles {
  const ftyp = Buffer.from("00000010667479704d34412000000000", "hex");
  const boxes = Array.from({ length: DEPTH }, (_, index) => {
    const head = Buffer.from("\0\0\0\0moov");
    head.writeUInt32BE((DEPTH - index) * 8);
    return head;
  });
  const ebml = Buffer.from(
    "1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581",
    "hex",
  );
  const segments = Buffer.from("1853806701ffffffffffffff", "hex");
  const tiny = Buffer.from("1853806701ffffffffffffff1f43b67501ffffffffffffff", "hex");
  return [
    ["mp4: boxes 5000 deep", Buffer.concat([ftyp, ...boxes])],
    ["mp4: a million empty boxes", Buffer.concat([ftyp, repeat("0000000866726565", 1_000_000)])],
    ["webm: segments 5000 deep", Buffer.concat([ebml, ...Array<Buffer>(DEPTH).fill(segments)])],
    [
      "webm: a million empty blocks",
      Buffer.concat([ebml, tiny, repeat("a3848100008000", 1_000_000)]),
    ],
    ["ogg: a million empty pages", repeat(`4f67675300${"00".repeat(22)}`, 200_000)],
  ];
}

const repeat = (hex: string, count: number): Buffer =>
  Buffer.concat(Array<Buffer>(count).fill(Buffer.from(hex, "hex")));
