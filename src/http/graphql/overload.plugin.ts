import { ErrorCode } from "../../platform/errors.js";
import { listeningPlugin } from "./listening.plugin.js";

/**
 * Sets status 503 and Retry-After if a part of the answer is missing because the server is overloaded.
 */
export const overloadPlugin = listeningPlugin({
  willSendResponse: ({ response }) => {
    const { body, http } = response;
    const errors = body.kind === "single" ? (body.singleResult.errors ?? []) : [];
    const refused = errors.find(({ extensions }) => extensions?.["code"] === ErrorCode.Overloaded);
    if (refused) {
      http.status = 503;
      http.headers.set("retry-after", String(refused.extensions?.["retryAfter"]));
    }
    return Promise.resolve();
  },
});
