import { DataRowMessage } from "../../../../src/platform/database/rows/data-row.js";
import { MessageFramer } from "../../../../src/platform/database/rows/message-framer.js";

function message(code: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(code, 0);
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

function row(...fields: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const columns = fields.map((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field === null ? -1 : Buffer.byteLength(field));
    return Buffer.concat([length, Buffer.from(field ?? "")]);
  });
  return message("D", Buffer.concat([count, ...columns]));
}

const STREAM = Buffer.concat([
  message("1", Buffer.alloc(0)),
  message("T", Buffer.from("described")),
  row("1", null, "", "größer 🙂"),
  row(),
  message("N", Buffer.from("a notice between two rows")),
  row(null),
  row("x".repeat(300)),
  message("C", Buffer.from("SELECT 4\0")),
  message("Z", Buffer.from("I")),
]);

/** What a framer passes on: rows with their fields, and the bytes of other messages between two rows. */
function passedOn(chunks: readonly Buffer[]): unknown[] {
  const passed: unknown[] = [];
  let others = Buffer.alloc(0);
  const endOthers = (): void => {
    if (others.length > 0) passed.push(others.toString("latin1"));
    others = Buffer.alloc(0);
  };
  const framer = new MessageFramer({
    row: (chunk, start) => {
      endOthers();
      passed.push(new DataRowMessage(chunk, start).fields);
    },
    others: (bytes) => {
      others = Buffer.concat([others, bytes]);
    },
  });
  for (const chunk of chunks) framer.take(chunk);
  endOthers();
  return passed;
}

test("a framer passes rows and other messages on in their order", () => {
  expect(passedOn([STREAM])).toEqual([
    expect.stringContaining("described"),
    ["1", null, "", "größer 🙂"],
    [],
    expect.stringContaining("a notice"),
    [null],
    ["x".repeat(300)],
    expect.stringContaining("SELECT 4"),
  ]);
});

test("the place at which a chunk ends does not matter", () => {
  const whole = passedOn([STREAM]);
  const splits = Array.from({ length: STREAM.length + 1 }, (_, at) =>
    passedOn([STREAM.subarray(0, at), STREAM.subarray(at)]),
  );

  for (const split of splits) expect(split).toEqual(whole);
});

test("the size of the chunks does not matter", () => {
  const whole = passedOn([STREAM]);

  for (let size = 1; size <= 70; size += 1) {
    const chunks = [];
    for (let at = 0; at < STREAM.length; at += size) chunks.push(STREAM.subarray(at, at + size));
    expect(passedOn(chunks)).toEqual(whole);
  }
});

test("other messages come complete", () => {
  const lengths: number[] = [];
  const framer = new MessageFramer({
    row: () => undefined,
    others: (bytes) => lengths.push(bytes.length),
  });
  const notice = message("N", Buffer.from("a notice"));

  framer.take(notice.subarray(0, 3));
  framer.take(notice.subarray(3, 7));
  framer.take(Buffer.concat([notice.subarray(7), notice, notice.subarray(0, 12)]));
  framer.take(notice.subarray(12));

  expect(lengths).toEqual([2 * notice.length, notice.length]);
});
