import {
  CustomSource,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputAudioTrack,
  type InputFormat,
  LogLevel,
  Logging,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from "mediabunny";
import {
  LONGEST_SECONDS,
  PADDING_SECONDS,
  RecordingProblem,
  type RecordingSource,
  RefusedRecording,
} from "./recording.js";
import { checkedFlacBytes } from "./flac-guard.js";
import { checkedMp4Bytes } from "./mp4-guard.js";
import { wellFormedOggBytes } from "./ogg-guard.js";
import { wellFormedWebmBytes } from "./webm-guard.js";
import { type Container, SNIFF_BYTES, sniffContainer } from "./sniff.js";

// A damaged file is an ordinary answer, not a fault of the server.
Logging.level = LogLevel.Silent;

const FORMATS: Readonly<Record<Container, InputFormat[]>> = {
  webm: [WEBM, MATROSKA],
  ogg: [OGG],
  mp3: [MP3],
  wav: [WAVE],
  flac: [FLAC],
  mp4: [MP4, QTFF],
};

const MIB = 2 ** 20;
/**
 * The largest part of a file that is read at once. An accepted recording needs at most 2 MiB: a
 * cluster of a WebM file with 30 s at Opus's highest bitrate.
 */
const MOST_READ_BYTES = 4 * MIB;
/** The demuxer may read bytes twice, but not again and again. */
const MOST_READ_TIMES = 4;
const CACHE_BYTES = 2 * MIB;

/** The packets of a sound, and the facts that decoders need. */
export interface OpenRecording {
  readonly container: Container;
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** The codec's own configuration, such as an AudioSpecificConfig of AAC. */
  readonly description: Uint8Array | null;
  /** Returns the packets in order. Ends early where the file was cut off. */
  packets(): AsyncGenerator<Uint8Array>;
  close(): void;
}

/**
 * Opens a sound file without decoding it. Refuses a file whose packets last too long.
 * @throws RefusedRecording
 * @throws the error of the source, unchanged
 */
export async function openRecording(source: RecordingSource): Promise<OpenRecording> {
  const start = await source.read(0, Math.min(SNIFF_BYTES, source.sizeBytes));
  const container = sniffContainer(start);
  const bounded = boundedSource(source);
  const sizeBytes = await bounded.guarded(() => safeBytes(container, bounded));
  const input = new Input({
    formats: FORMATS[container],
    source: new CustomSource({
      getSize: () => sizeBytes,
      read: (from, to) => bounded.read(from, to),
      maxCacheSize: CACHE_BYTES,
      prefetchProfile: "fileSystem",
      handleUnhandledError: () => undefined,
    }),
  });
  try {
    const track = await bounded.guarded(() => soundOf(input));
    await bounded.guarded(() => refuseLong(track));
    return {
      container,
      ...(await bounded.guarded(() => factsOf(track))),
      ...reading(input, track, bounded),
    };
  } catch (error) {
    input.dispose();
    throw error;
  }
}

const GUARDS: Readonly<Partial<Record<Container, (source: RecordingSource) => Promise<number>>>> = {
  webm: wellFormedWebmBytes,
  ogg: wellFormedOggBytes,
  flac: checkedFlacBytes,
  mp4: checkedMp4Bytes,
};

/** Returns the number of bytes that the demuxer may see. Checks what it would trust. */
async function safeBytes(container: Container, source: RecordingSource): Promise<number> {
  return GUARDS[container]?.(source) ?? source.sizeBytes;
}

interface BoundedSource extends RecordingSource {
  /**
   * Runs work of the demuxer. Its failures mean that the file is damaged.
   * @throws RefusedRecording
   * @throws the error of the source, unchanged
   */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** The error of the source, if a read failed. */
  readonly failure: { readonly error: unknown } | null;
}

/** Limits how much the demuxer may read: a lying header must not fill the memory. */
function boundedSource(source: RecordingSource): BoundedSource {
  let budget = source.sizeBytes * MOST_READ_TIMES + MIB;
  let failure: { readonly error: unknown } | null = null;
  return {
    sizeBytes: source.sizeBytes,
    get failure() {
      return failure;
    },
    read: async (start, end) => {
      budget -= end - start;
      if (end - start > MOST_READ_BYTES || budget < 0) {
        throw new RefusedRecording(RecordingProblem.DamagedFile);
      }
      return source.read(start, end).catch((error: unknown) => {
        failure = { error };
        throw error;
      });
    },
    guarded: async (work) => {
      try {
        return await work();
      } catch (error) {
        if (failure !== null) throw failure.error;
        if (error instanceof RefusedRecording) throw error;
        throw new RefusedRecording(RecordingProblem.DamagedFile);
      }
    },
  };
}

async function soundOf(input: Input): Promise<InputAudioTrack> {
  const [track, video] = [await input.getPrimaryAudioTrack(), await input.getPrimaryVideoTrack()];
  if (video) throw new RefusedRecording(RecordingProblem.UnsupportedFormat);
  if (!track) throw new RefusedRecording(RecordingProblem.DamagedFile);
  return track;
}

/** Walks over the packets without their bytes. Stops after the longest accepted recording. */
async function refuseLong(track: InputAudioTrack): Promise<void> {
  const most = LONGEST_SECONDS + PADDING_SECONDS;
  const sink = new EncodedPacketSink(track);
  const options = { metadataOnly: true };
  let packet = await sink.getFirstPacket(options);
  const start = packet?.timestamp ?? 0;
  while (packet && packet.timestamp - start <= most) {
    packet = await sink.getNextPacket(packet, options).catch(() => null);
  }
  if (!packet) return;
  const seconds = await track.getDurationFromMetadata().catch(() => null);
  throw new RefusedRecording(
    RecordingProblem.TooLong,
    seconds !== null && Number.isFinite(seconds) && seconds > most ? seconds : undefined,
  );
}

async function factsOf(track: InputAudioTrack) {
  const config = await track.getDecoderConfig();
  // The type of the description is one of the browser's.
  const description: unknown = config?.description;
  return {
    codec: (await track.getCodec()) ?? "unknown",
    sampleRate: await track.getSampleRate(),
    channels: await track.getNumberOfChannels(),
    description: ArrayBuffer.isView(description)
      ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
      : null,
  };
}

function reading(input: Input, track: InputAudioTrack, source: BoundedSource) {
  const next = async <T>(work: () => Promise<T | null>): Promise<T | null> => {
    try {
      return await work();
    } catch {
      // The structure of a file that was cut off breaks at its end. The packets before are good.
      if (source.failure !== null) throw source.failure.error;
      return null;
    }
  };
  return {
    async *packets(): AsyncGenerator<Uint8Array> {
      const sink = new EncodedPacketSink(track);
      let packet = await next(() => sink.getFirstPacket());
      while (packet) {
        const before = packet;
        yield packet.data;
        packet = await next(() => sink.getNextPacket(before));
      }
    },
    close: () => input.dispose(),
  };
}
