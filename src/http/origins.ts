const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** Whether a browser page of `origin` may call: those configured, else those of this machine. */
export type OriginPolicy = (origin: string | undefined) => boolean;

export const originPolicy =
  (allowed: readonly string[] | undefined): OriginPolicy =>
  (origin) => {
    if (origin === undefined) return true; // not a browser, or the same origin
    return allowed === undefined ? LOCAL.test(origin) : allowed.includes(origin);
  };
