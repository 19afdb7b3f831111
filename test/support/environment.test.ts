import { setFlagsFromString } from "node:v8";
import { SourceTextModule } from "node:vm";

async function valueOf(source: string): Promise<unknown> {
  const module = new SourceTextModule(source, { identifier: "value.js" });
  await module.link(() => Promise.reject(new Error("The module imports nothing.")));
  await module.evaluate();
  return (module.namespace as { readonly value: unknown }).value;
}

test("a changed module is compiled again, even if its text is as long as before", async () => {
  expect(await valueOf("export const value = 1;")).toBe(1);
  expect(await valueOf("export const value = 1;")).toBe(1);
  expect(await valueOf("export const value = 2;")).toBe(2);
});

test("a module is compiled again after the flags of V8 changed", async () => {
  expect(await valueOf("export const value = 3;")).toBe(3);

  setFlagsFromString("--no-lazy");
  try {
    expect(await valueOf("export const value = 3;")).toBe(3);
  } finally {
    setFlagsFromString("--lazy");
  }
});
