import { crc32, deflateRawSync } from "node:zlib";

/** The parts of an archive by their paths. */
export type ZipParts = Readonly<Record<string, string | Uint8Array>>;

export interface ZipFaults {
  /** Sets the bit that says that parts are encrypted. */
  readonly isEncrypted?: boolean;
  /** The size after unpacking that the archive declares for each part. Default: the true size. */
  readonly declaredBytes?: number;
}

/** Writes a ZIP archive with packed parts, in the order of `parts`. */
export function zipOf(
  parts: ZipParts,
  { isEncrypted = false, declaredBytes }: ZipFaults = {},
): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(parts)) {
    const data = Buffer.from(content as string);
    const packed = deflateRawSync(data);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800 | (isEncrypted ? 1 : 0), 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declaredBytes ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    files.push(Buffer.from("PK\x03\x04", "latin1"), common, name, packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(...[Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, name]);
    offset += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, list, Buffer.from("PK\x05\x06", "latin1"), end]);
}
