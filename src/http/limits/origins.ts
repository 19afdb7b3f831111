const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Returns true if a browser page of `origin` may call the server. Only the configured origins may call.
 * Without configuration, only the origins of this machine may call.
 */
export type OriginPolicy = (origin: string | undefined) => boolean;

export const originPolicy =
  (allowed: readonly string[] | undefined): OriginPolicy =>
  (origin) => {
    // Without an origin, the client is no browser, or the page comes from this server.
    if (origin === undefined) return true;
    return allowed === undefined ? LOCAL.test(origin) : allowed.includes(origin);
  };
