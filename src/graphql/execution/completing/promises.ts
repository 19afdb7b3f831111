/** Returns true for promises, and for other objects with a `then`, as graphql-js does. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  (typeof value === "object" || typeof value === "function") &&
  typeof (value as { then?: unknown } | null)?.then === "function";
