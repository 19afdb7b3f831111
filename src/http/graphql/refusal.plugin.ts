import { shortList } from "../../graphql/short-errors.js";
import { listeningPlugin } from "./listening.plugin.js";

/** Bounds the size of an answer that has errors and no data. */
export const refusalPlugin = listeningPlugin({
  willSendResponse: ({ response: { body } }) => {
    if (body.kind === "single" && !body.singleResult.data && body.singleResult.errors)
      body.singleResult.errors = shortList(body.singleResult.errors);
    return Promise.resolve();
  },
});
