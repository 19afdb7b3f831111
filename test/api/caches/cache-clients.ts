import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client/core";
import { Client, fetchExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { parse } from "graphql";
import type { GraphqlClient } from "../harness/graphql.client.js";

type Variables = Readonly<Record<string, unknown>>;

/** A client app with a normalised cache. Operations need different names. */
export interface CacheClient {
  /** Reads from the server, and writes the answer into the cache. */
  fetch(document: string, variables: Variables): Promise<unknown>;
  /** Sends a mutation, and writes the answer into the cache. */
  mutate(document: string, variables: Variables): Promise<unknown>;
  /** Reads from the cache alone. Returns null if the cache lacks a part of the answer. */
  read(document: string, variables: Variables): Promise<unknown>;
}

/** Where a client app sends its operations. */
export interface CacheServer {
  readonly url: string;
  readonly fetch: typeof fetch;
}

/** Sends each operation to the server once, and gives its answer to all clients. */
export class SharedServer implements CacheServer {
  private readonly answers = new Map<string, Promise<string>>();

  constructor(
    readonly url: string,
    private readonly person: GraphqlClient,
  ) {}

  /** Later requests are sent again. */
  forget(): void {
    this.answers.clear();
  }

  readonly fetch: CacheServer["fetch"] = async (_url, init) => {
    const body = textOf(init);
    const { operationName } = JSON.parse(body) as { readonly operationName: string };
    const known = this.answers.get(operationName);
    const answer = known ?? this.person.post(body).then((answered) => answered.body);
    this.answers.set(operationName, answer);
    return new Response(await answer, { headers: { "content-type": "application/json" } });
  };
}

/** Returns the body of a request of a client app. */
export function textOf(init: RequestInit | undefined): string {
  if (typeof init?.body === "string") return init.body;
  throw new Error("The request has no text.");
}

export function apollo(server: CacheServer, cache = new InMemoryCache()): CacheClient {
  const client = new ApolloClient({
    cache,
    link: new HttpLink({ uri: server.url, fetch: server.fetch }),
  });
  return {
    fetch: async (document, variables) => {
      const query = parse(document);
      return (await client.query({ query, variables, fetchPolicy: "network-only" })).data;
    },
    mutate: async (document, variables) =>
      (await client.mutate({ mutation: parse(document), variables })).data,
    read: (document, variables) =>
      Promise.resolve(client.readQuery({ query: parse(document), variables })),
  };
}

export function graphcache(server: CacheServer, cache = cacheExchange({})): CacheClient {
  const client = new Client({
    ...{ url: server.url, fetch: server.fetch, preferGetMethod: false },
    exchanges: [cache, fetchExchange],
  });
  const answered = ({ data, error }: { data?: unknown; error?: Error | undefined }): unknown => {
    if (error) throw error;
    return data ?? null;
  };
  return {
    fetch: async (document, variables) =>
      answered(await client.query(document, variables, { requestPolicy: "network-only" })),
    mutate: async (document, variables) => answered(await client.mutation(document, variables)),
    read: async (document, variables) =>
      answered(await client.query(document, variables, { requestPolicy: "cache-only" })),
  };
}
