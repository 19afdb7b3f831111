/** A form with files (multipart/form-data, RFC 7578). */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  /** The bytes of the files in the field `files`. */
  readonly files: readonly Uint8Array[];
}

export function readForm(bytes: Buffer, contentType: string): Form {
  const delimiter = `--${/boundary=(.+)$/.exec(contentType)?.[1] ?? ""}`;
  const fields = new Map<string, string>();
  const files: Uint8Array[] = [];
  let at = bytes.indexOf(delimiter) + delimiter.length;
  for (;;) {
    const end = bytes.indexOf(`\r\n${delimiter}`, at);
    if (end < 0) return { fields, files };
    const body = bytes.indexOf("\r\n\r\n", at) + 4;
    const head = bytes.subarray(at, body).toString();
    const content = bytes.subarray(body, end);
    const name = /[; ]name="([^"]*)"/.exec(head)?.[1] ?? "";
    if (name === "files") files.push(content);
    else fields.set(name, content.toString());
    at = end + 2 + delimiter.length;
  }
}
