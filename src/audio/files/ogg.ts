import { concat } from "../signal/bytes.js";

/**
 * A page holds at most 255 lacing values (bytes that state the lengths of its packets). A second of
 * speech has 50 packets of 20 ms, and each packet takes one lacing value or more.
 */
const MOST_LACING_VALUES = 255;
const PAGE_HEADER_BYTES = 27;
const CONTINUED = 0;
const FIRST = 2;
const LAST = 4;
/**
 * The serial number of the only stream in the file. It is constant, so the same sound gives the
 * same bytes.
 */
const SERIAL = 0x46414255;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
  return crc;
});

/** Writes packets into Ogg pages (RFC 3533). Packets must be shorter than a page. */
export class OggWriter {
  private sequence = 0;
  private packets: Uint8Array[] = [];
  /** The number of lacing values of `packets`. */
  private laced = 0;
  private granule = 0n;

  /** Returns a page with one header packet. Ogg requires that no other packet is in this page. */
  header(packet: Uint8Array): Uint8Array {
    return this.page([packet], this.sequence === 0 ? FIRST : CONTINUED, 0n);
  }

  /**
   * Adds a packet to the current page. If the packet does not fit, returns the finished page, and
   * the packet begins a new page. If the packet fits, returns no bytes.
   * @param granule the length of the sound up to the end of this packet, in samples of 48 kHz
   */
  add(packet: Uint8Array, granule: bigint): Uint8Array {
    const values = Math.floor(packet.length / 255) + 1;
    const isFull = this.laced + values > MOST_LACING_VALUES;
    const page = isFull
      ? this.page(this.packets.splice(0), CONTINUED, this.granule)
      : new Uint8Array(0);
    this.laced = isFull ? values : this.laced + values;
    this.packets.push(packet);
    this.granule = granule;
    return page;
  }

  finish(granule: bigint): Uint8Array {
    return this.page(this.packets.splice(0), LAST, granule);
  }

  private page(packets: readonly Uint8Array[], flags: number, granule: bigint): Uint8Array {
    const lacing = lacingOf(packets);
    const header = new Uint8Array(PAGE_HEADER_BYTES + lacing.length);
    const view = new DataView(header.buffer);
    header.set(new TextEncoder().encode("OggS"));
    header[5] = flags;
    view.setBigInt64(6, granule, true);
    view.setUint32(14, SERIAL, true);
    view.setUint32(18, this.sequence, true);
    header[26] = lacing.length;
    header.set(lacing, PAGE_HEADER_BYTES);
    const page = concat([header, ...packets]);
    new DataView(page.buffer).setUint32(22, checksum(page), true);
    this.sequence += 1;
    return page;
  }
}

/**
 * Returns the lacing values of the packets. Ogg writes the length of a packet as bytes that add up
 * to the length: bytes of 255, and one last byte that is smaller.
 */
function lacingOf(packets: readonly Uint8Array[]): readonly number[] {
  return packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
}

function checksum(page: Uint8Array): number {
  let crc = 0;
  for (const byte of page) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] ?? 0);
  return crc >>> 0;
}
