import { RequestSlots } from "../../../src/providers/remote/request-slots.js";
import { isPrivateAddress } from "../../../src/providers/remote/connection.js";

test.each([
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["192.168.1.1", true],
  ["169.254.169.254", true],
  ["127.0.0.1", true],
  ["::1", true],
  ["fe80::1", true],
  ["fd00::1", true],
  ["::ffff:10.0.0.1", true],
  ["93.184.216.34", false],
  ["172.32.0.1", false],
  ["2606:4700::1111", false],
])("%s is private: %s", (address, isPrivate) => {
  expect(isPrivateAddress({ address, family: address.includes(":") ? 6 : 4 })).toBe(isPrivate);
});

test("a request aborted while it waits for a slot is never sent", async () => {
  const slots = new RequestSlots(1);
  const { promise, resolve } = Promise.withResolvers<string>();
  const controller = new AbortController();
  const first = slots.run(() => promise, controller.signal);
  const second = slots.run(() => Promise.resolve("second"), controller.signal);
  const third = slots.run(() => Promise.resolve("third"), new AbortController().signal);

  controller.abort(new Error("Cancelled."));
  await expect(second).rejects.toThrow("Cancelled.");
  resolve("first");

  expect([await first, await third]).toEqual(["first", "third"]);
});
