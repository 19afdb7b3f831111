import { OperationTypeNode } from "graphql";
import { shortList } from "../../graphql/short-errors.js";
import { InvalidInputError } from "../../platform/errors.js";
import { listeningPlugin } from "./listening.plugin.js";
import { withStatus } from "./with-status.js";

/** Refuses subscriptions over HTTP. Bounds the size of an answer that has errors and no data. */
export const refusalPlugin = listeningPlugin({
  didResolveOperation: async ({ operation }) => {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
    throw withStatus(
      new InvalidInputError(
        "Subscriptions need a WebSocket. Connect to this address with the protocol graphql-transport-ws.",
      ),
    );
  },
  willSendResponse: ({ response: { body } }) => {
    if (body.kind === "single" && !body.singleResult.data && body.singleResult.errors)
      body.singleResult.errors = shortList(body.singleResult.errors);
    return Promise.resolve();
  },
});
