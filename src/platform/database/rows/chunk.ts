/**
 * Bytes of a connection that contain complete messages. The bytes never change: Node reads each chunk of a
 * socket into new memory.
 */
export class Chunk {
  /** A DataView reads a number faster than a Buffer: 1 ns against 4 ns. */
  readonly view: DataView;

  constructor(readonly bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
