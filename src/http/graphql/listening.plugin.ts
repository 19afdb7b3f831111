import type { ApolloServerPlugin, GraphQLRequestListener } from "@apollo/server";
import type { FabulaContext } from "../../graphql/context.js";

/** Returns a plugin whose listener serves all requests. So the listener must keep nothing of a request. */
export function listeningPlugin(
  listener: GraphQLRequestListener<FabulaContext>,
): ApolloServerPlugin<FabulaContext> {
  const listening = Promise.resolve(listener);
  return { requestDidStart: () => listening };
}
