import { type GraphQLError, Kind, OperationTypeNode } from "graphql";
import Negotiator from "negotiator";
import { shortList } from "../../graphql/short-errors.js";
import { InvalidInputError } from "../../platform/errors.js";
import { listeningPlugin } from "./listening.plugin.js";
import { withStatus } from "./with-status.js";

const JSON_TYPE = "application/json";
const GRAPHQL_TYPE = "application/graphql-response+json";

const DOCUMENT_CODES: ReadonlySet<unknown> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
]);

/**
 * Refuses subscriptions over HTTP. Bounds the size of an answer that has errors and no data. A document or
 * variables that GraphQL refuses give status 200 with `application/json`, as GraphQL over HTTP asks.
 */
export const refusalPlugin = listeningPlugin({
  didResolveOperation: async ({ operation }) => {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
    throw withStatus(
      new InvalidInputError(
        "Subscriptions need a WebSocket. Connect to this address with the protocol graphql-transport-ws.",
      ),
    );
  },
  willSendResponse: ({ response: { body, http }, request, errors = [] }) => {
    if (body.kind !== "single" || body.singleResult.data || !body.singleResult.errors)
      return Promise.resolve();
    body.singleResult.errors = shortList(body.singleResult.errors);
    const accept = request.http?.headers.get("accept");
    if (errors.every(isAboutDocument) && wantsJson(accept)) http.status = 200;
    return Promise.resolve();
  },
});

const isAboutDocument = ({ extensions, nodes }: GraphQLError): boolean =>
  DOCUMENT_CODES.has(extensions["code"]) || nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;

/** Apollo chooses the type of the answer by the same rule. */
const wantsJson = (accept: string | undefined): boolean =>
  accept === undefined ||
  new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]) === JSON_TYPE;
