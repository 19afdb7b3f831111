const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** True if a browser page of `origin` may call: a configured origin, or without configuration a local one. */
export type OriginPolicy = (origin: string | undefined) => boolean;

export const originPolicy =
  (allowed: readonly string[] | undefined): OriginPolicy =>
  (origin) => {
    if (origin === undefined) return true; // no browser, or the same origin
    return allowed === undefined ? LOCAL.test(origin) : allowed.includes(origin);
  };
