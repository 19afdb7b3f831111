import type { ApolloServerPlugin } from "@apollo/server";
import type { FabulaContext } from "../../graphql/context.js";
import { shortList } from "../../graphql/short-errors.js";

/** Bounds the size of an answer that has errors and no data. */
export const refusalPlugin: ApolloServerPlugin<FabulaContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response: { body } }) => {
        if (body.kind === "single" && !body.singleResult.data && body.singleResult.errors)
          body.singleResult.errors = shortList(body.singleResult.errors);
        return Promise.resolve();
      },
    }),
};
