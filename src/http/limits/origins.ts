const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Returns true if a browser page of `origin` may call the server. The configured origins may call.
 * Without configuration, the origins of this machine may call.
 */
export type OriginPolicy = (origin: string | undefined) => boolean;

export const originPolicy =
  (allowed: readonly string[] | undefined): OriginPolicy =>
  (origin) => {
    if (origin === undefined) return true; // no browser, or the same origin
    return allowed === undefined ? LOCAL.test(origin) : allowed.includes(origin);
  };
