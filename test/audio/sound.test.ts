import { measurePitch } from "./pitch-measure.js";
import { resample } from "../../src/audio/signal/resample.js";
import { levelDb } from "../../src/audio/signal/silence.js";
import { createSoundEncoder } from "../../src/audio/files/sound-encoder.js";
import { AudioFormat } from "../../src/audio/files/sound-file.js";
import { shapeVoice } from "../../src/audio/delivery/voice-quality.js";
import { encodeWav, fromInt16, toInt16, writeWavHeader } from "../../src/audio/signal/wav.js";
import { TruncatedSoundError, parseWav } from "../../src/audio/signal/wav-reader.js";
import { InvalidInputError } from "../../src/platform/errors.js";
import { inChunks, sine } from "./tones.js";

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  throw new Error("Nothing was thrown.");
}

describe("resampling", () => {
  test.each([
    [16_000, 24_000],
    [44_100, 24_000],
    [24_000, 16_000],
  ])("from %i to %i Hz keeps the pitch, level and position of a tone", (from, to) => {
    const tone = { hz: 440, seconds: 1 };

    const sound = resample(sine({ ...tone, sampleRate: from }), from, to);

    const expected = sine({ ...tone, sampleRate: to });
    expect(sound).toHaveLength(to);
    const error = sound.map((sample, index) => sample - (expected[index] ?? 0));
    expect(levelDb(error.slice(200, -200))).toBeLessThan(-70);
  });

  test("frequencies above the new band are removed, not aliased", () => {
    const sound = resample(sine({ hz: 11_000, sampleRate: 48_000, seconds: 1 }), 48_000, 16_000);

    expect(levelDb(sound.slice(200, -200))).toBeLessThan(-60);
  });
});

describe("WAV", () => {
  const sound = { pcm: sine({ hz: 440, sampleRate: 16_000, seconds: 0.1 }), sampleRate: 16_000 };

  test("a written file is read back with 16 bits of precision", () => {
    const { pcm, sampleRate } = parseWav(encodeWav(sound));

    expect(sampleRate).toBe(16_000);
    expect(pcm).toEqual(fromInt16(toInt16(sound.pcm)));
  });

  test("a file is read from the middle of a shared buffer", () => {
    const file = encodeWav(sound);
    const shared = Buffer.concat([Buffer.alloc(7), file]);

    expect(parseWav(shared.subarray(7))).toEqual(parseWav(file));
  });

  test("two channels are mixed, and other chunks are skipped", () => {
    const file = encodeWav({ pcm: Float32Array.of(0.5, -0.5, 0.25, 0.75), sampleRate: 8000 });
    new DataView(file.buffer).setUint16(22, 2, true);
    new DataView(file.buffer).setUint16(32, 4, true);
    const note = new Uint8Array([...Buffer.from("LIST"), 3, 0, 0, 0, 1, 2, 3, 0]);
    const withNote = Buffer.concat([file.subarray(0, 36), note, file.subarray(36)]);

    expect([...parseWav(withNote).pcm]).toEqual([0, 0.5]);
  });

  test("a streamed file without a size is read to its end", () => {
    const file = encodeWav(sound);
    file.set(writeWavHeader(0, 16_000));

    expect(parseWav(file).pcm).toHaveLength(1600);
  });

  test.each([
    ["an empty file", new Uint8Array(0)],
    ["an HTML page", Buffer.from("<html>not found</html>")],
    ["half a file", encodeWav(sound).slice(0, 1000)],
    ["a header alone", writeWavHeader(0, 16_000).slice(0, 36)],
    ["8 bits a sample", Uint8Array.from(encodeWav(sound), (byte, at) => (at === 34 ? 8 : byte))],
  ])("%s is refused", (_, file) => {
    expect(() => parseWav(file)).toThrow(InvalidInputError);
  });

  describe("from a speech provider", () => {
    const file = encodeWav(sound);
    const twice = Buffer.concat([file, file]);
    const chunk = (tag: string, body: readonly number[]) =>
      Buffer.from([...Buffer.from(tag), body.length, 0, 0, 0, ...body]);
    const withSize = (size: number) => {
      const changed = Buffer.from(file);
      changed.writeUInt32LE(size, 40);
      return changed;
    };
    /** Returns a WAV file with the same samples in another coding. */
    const coded = (code: number, bits: number, write: (at: number, value: number) => Buffer) => {
      const head = Buffer.from(file.subarray(0, 44));
      head.writeUInt16LE(code, 20);
      head.writeUInt16LE(bits / 8, 32);
      head.writeUInt16LE(bits, 34);
      head.writeUInt32LE((sound.pcm.length * bits) / 8, 40);
      return Buffer.concat([head, ...Array.from(sound.pcm, (value, at) => write(at, value))]);
    };
    const bytes = (size: number, write: (buffer: Buffer) => void): Buffer => {
      const buffer = Buffer.alloc(size);
      write(buffer);
      return buffer;
    };

    test("WAV files in a row are one sound, also if their sizes are placeholders", () => {
      const streamed = Buffer.concat([withSize(0xffffffff), withSize(0xffffffff)]);

      expect(parseWav(twice).pcm).toHaveLength(3200);
      expect(parseWav(streamed).pcm).toHaveLength(3200);
      expect(parseWav(streamed).pcm).toEqual(parseWav(twice).pcm);
    });

    test.each([
      ["padding", Buffer.alloc(4)],
      ["text that looks like a chunk", Buffer.from("more to come")],
    ])("a second, shorter WAV behind %s is not lost", (_name, between) => {
      const shorter = encodeWav({ ...sound, pcm: sound.pcm.slice(0, 400) });

      expect(parseWav(Buffer.concat([file, between, shorter])).pcm).toHaveLength(2000);
    });

    test.each([
      ["a format", Buffer.from("RIFFsizeWAVEfmt \x10\0\0\0Once upon a timedata\x04\0\0\0ABCD")],
      ["the size of the sound", Buffer.concat([file.subarray(0, 40), Buffer.from("Once upon")])],
      [
        "the format of a second file",
        Buffer.concat([
          file,
          Buffer.from("RIFFsizeWAVEfmt \x10\0\0\0"),
          Buffer.from("\x01\0\x01\0 was a dark "),
          file.subarray(36),
        ]),
      ],
    ])(
      "an error does not contain a text in the place of %s, not even as numbers",
      (_name, broken) => {
        const message = messageOf(() => parseWav(broken));

        const numbers = [...message.matchAll(/\d+/g)].map(([digits]) => Number(digits));
        // Two letters of a text are at least this number.
        expect(numbers.filter((number) => number >= 0x2020 && number !== file.length)).toEqual([]);
      },
    );

    test("WAV files in a row with different sample rates are refused", () => {
      const other = encodeWav({ ...sound, sampleRate: 24_000 });

      expect(() => parseWav(Buffer.concat([file, other]))).toThrow("cannot be one sound");
    });

    test.each([0, 0x7fffffff, 0x7ffff000, 0xffffffff, 0xfffffff0])(
      "a placeholder of %i bytes is read to the end of the sound",
      (size) => {
        const note = chunk("LIST", [1, 2, 3, 4]);

        expect(parseWav(withSize(size)).pcm).toEqual(parseWav(file).pcm);
        expect(parseWav(Buffer.concat([withSize(size), note])).pcm).toEqual(parseWav(file).pcm);
      },
    );

    test.each([
      ["a chunk", chunk("LIST", [1, 2, 3, 4])],
      ["a chunk without its padding byte", chunk("LIST", [1, 2, 3])],
      ["a few bytes that are no chunk", Buffer.from([0, 1, 2, 3, 4, 5, 6])],
      ["zeros", Buffer.alloc(64)],
    ])("%s after the sound is not sound", (_name, junk) => {
      expect(parseWav(Buffer.concat([file, junk])).pcm).toEqual(parseWav(file).pcm);
    });

    test("more bytes after the sound than in the sound are refused", () => {
      expect(() => parseWav(Buffer.concat([file, Buffer.alloc(file.length)]))).toThrow(
        "bytes that are not WAV",
      );
    });

    test("24 and 32 bits and floats are read", () => {
      const whole = (value: number, bits: number) => Math.round(value * (2 ** (bits - 1) - 1));
      const files = [
        coded(1, 24, (_, value) => bytes(3, (each) => each.writeIntLE(whole(value, 24), 0, 3))),
        coded(1, 32, (_, value) => bytes(4, (each) => each.writeInt32LE(whole(value, 32)))),
        coded(3, 32, (_, value) => bytes(4, (each) => each.writeFloatLE(value))),
        coded(3, 64, (_, value) => bytes(8, (each) => each.writeDoubleLE(value))),
      ];

      for (const { pcm } of files.map(parseWav)) {
        const furthest = pcm.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - (sound.pcm[at] ?? 0))),
          0,
        );
        expect(pcm).toHaveLength(sound.pcm.length);
        expect(furthest).toBeLessThan(1e-6);
      }
    });

    test("an extensible format is read by the code in its GUID, and another code is refused", () => {
      const extended = (code: number) => {
        const format = Buffer.alloc(40);
        Buffer.from(file.subarray(20, 36)).copy(format);
        format.writeUInt16LE(0xfffe, 0);
        format.writeUInt16LE(code, 24);
        const size = Buffer.from([40, 0, 0, 0]);
        return Buffer.concat([file.subarray(0, 16), size, format, file.subarray(36)]);
      };

      expect(parseWav(extended(1)).pcm).toEqual(parseWav(file).pcm);
      expect(() => parseWav(extended(0x55))).toThrow("format 85");
    });

    test("a file that ends too early and a file of another format have different errors", () => {
      expect(() => parseWav(file.subarray(0, 1000))).toThrow(TruncatedSoundError);
      expect(() => parseWav(Buffer.from("ID3 and so on"))).not.toThrow(TruncatedSoundError);
    });
  });

  test("samples out of range are clipped, not wrapped", () => {
    expect([...toInt16(Float32Array.of(2, -2))]).toEqual([32767, -32768]);
  });
});

test.each(Object.values(AudioFormat))(
  "the size of the chunks does not change the %s file",
  async (format) => {
    const sound = sine({ hz: 440, sampleRate: 16_000, seconds: 1.5, gainDb: -6 });
    const facts = { sampleRate: 16_000, sampleCount: sound.length, title: "", chapters: [] };
    const written = async (size: number): Promise<Buffer> => {
      const encoder = await createSoundEncoder(format, facts);
      const body = inChunks(sound, size).map((chunk) => encoder.encode(chunk));
      return Buffer.concat([encoder.header(), ...body, encoder.finish()]);
    };

    const whole = await written(sound.length);

    expect(await written(777)).toEqual(whole);
    expect(await written(1)).toEqual(whole);
  },
);

describe("voice quality", () => {
  const plain = { tilt: 0, breath: 0, tremor: 0, isWhispered: false };
  const voice = { pcm: sine({ hz: 200, sampleRate: 16_000, seconds: 1 }), sampleRate: 16_000 };

  test("a neutral voice quality leaves the sound unchanged", () => {
    expect(shapeVoice(voice, plain)).toEqual(voice);
  });

  test("a whisper keeps the length and approximately the level, and always gives the same bytes", () => {
    const once = shapeVoice(voice, { ...plain, isWhispered: true });

    expect(once.pcm).toHaveLength(voice.pcm.length);
    expect(Math.abs(levelDb(once.pcm) - levelDb(voice.pcm))).toBeLessThan(9);
    expect(measurePitch(once.pcm, 16_000).voicedShare).toBeLessThan(0.05);
    expect(shapeVoice(voice, { ...plain, isWhispered: true })).toEqual(once);
  });

  test("a tremor varies the loudness and keeps the median pitch", () => {
    const { pcm } = shapeVoice(voice, { ...plain, tremor: 1 });
    const levels = Array.from({ length: 40 }, (_, at) =>
      levelDb(pcm.slice(at * 400, at * 400 + 400)),
    );

    expect(Math.max(...levels) - Math.min(...levels)).toBeGreaterThan(2);
    expect(measurePitch(pcm, 16_000).medianHz).toBeCloseTo(200, -1);
  });
});
