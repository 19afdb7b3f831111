import { createHttpServer } from "../src/http/server.js";
import {
  createTokenVerifier,
  developmentTrust,
  issueDevelopmentToken,
} from "../src/http/tokens.js";
import { createLogger } from "../src/platform/process/logging.js";
import { type ScratchApp, claims } from "./scratch-app.js";

export const NESTED_PAGE = `{ stories(first: 20) { totalCount edges { node {
  id title excerpt originalAuthor { displayName }
  analysis { summary textMood { label } characters { name quoteCount } }
  voiceModulationTemplates(first: 3) { edges { occurrences example { text } node { key } } }
  userNarrations(first: 3) { edges { node {
    id title narrator { displayName } narratorVoice { displayName }
    cast { character { name } voice { displayName } }
    segments(first: 4) { edges { node {
      text speaker { name } voice { displayName } storySegment { text }
    } } }
  } } }
} } } }`;

/** The API of a scratch app on a free port of this machine. */
export interface ScratchServer {
  /** Sends a query as the bench's user. */
  ask(query: string, signal?: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

export async function scratchServer({ app, database }: ScratchApp): Promise<ScratchServer> {
  const secret = await database.developmentSecret();
  const server = await createHttpServer({
    services: app.services,
    storage: app.storage,
    mediaSigner: app.mediaSigner,
    uploadSigner: app.uploadSigner,
    logger: createLogger({ logLevel: "warn", isProduction: false }),
    verify: createTokenVerifier(developmentTrust(secret)),
    corsOrigins: undefined,
    isProduction: true,
    // A bench sends all its requests as one user, so it needs a larger budget than a real user has.
    bucketSize: { capacity: 1e9, perSecond: 1e6 },
    playground: null,
  });
  const url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
  const authorization = `Bearer ${await issueDevelopmentToken(secret, claims)}`;
  return {
    ask: (query, signal) =>
      fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify({ query }),
        signal: signal ?? null,
      }),
    close: () => server.close(),
  };
}
