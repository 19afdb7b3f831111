import { refused } from "../file-kind.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import { elementsCalled, parseXml } from "../zip/xml.js";

/** These two methods only hide fonts. */
const FONT_METHODS: ReadonlySet<string> = new Set([
  "http://www.idpf.org/2008/embedding",
  "http://ns.adobe.com/pdf/enc#RC",
]);

/** The files of systems against copying, with their names. */
const SYSTEMS: readonly (readonly [path: string, name: string])[] = [
  ["META-INF/license.lcpl", "Readium LCP"],
  ["META-INF/sinf.xml", "Apple FairPlay"],
  ["META-INF/rights.xml", "Adobe"],
];

/** @throws InvalidInputError if the parts of the book are encrypted */
export async function refuseProtected(archive: ZipArchive): Promise<void> {
  const encryption = await archive.read("META-INF/encryption.xml");
  const system = SYSTEMS.find(([path]) => archive.has(path))?.[1];
  const isEncrypted = encryption !== null && hidesParts(encryption, archive.fileName);
  if (!isEncrypted && (system === undefined || system === "Adobe")) return;
  const by = system === undefined ? "" : ` (${system})`;
  throw refused(
    `${archive.fileName} is protected against copying${by}, so its text cannot be read. Ask the publisher or the shop for a copy without protection.`,
  );
}

function hidesParts(encryption: Uint8Array, fileName: string): boolean {
  const data = elementsCalled(parseXml(encryption, `${fileName}: encryption.xml`), "EncryptedData");
  return data.some((each) => {
    const [method] = elementsCalled(each, "EncryptionMethod");
    return !FONT_METHODS.has(method?.attribs["Algorithm"] ?? "");
  });
}
