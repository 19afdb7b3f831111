/** Decoded sound: one array of samples for each channel, from -1 to 1. All have the same length. */
export interface DecodedSound {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
}

/** Decodes the packets of one recording, in order. */
export interface PacketDecoder {
  /** @throws Error if the packet is damaged */
  decode(packet: Uint8Array): Promise<DecodedSound>;
  /** Frees the memory of the decoder. */
  close(): void;
}

/** The facts about a sound that decoders need. */
export interface CodecFacts {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  readonly description: Uint8Array | null;
}
