import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { varyBy } from "../limits/vary.js";
import { compressedOnce, encodingFor } from "./compressed-assets.js";
import {
  type PlaygroundAsset,
  type PlaygroundAssetKind,
  loadPlaygroundAssets,
} from "./playground.assets.js";
import { loadPlaygroundExamples } from "./playground.examples.js";
import { type PlaygroundAssetUrls, playgroundPage } from "./playground.page.js";
import { type PlaygroundContext, playgroundTabs } from "./playground.tabs.js";
import { PLANS_PATH, type StatementPlans } from "./statement-plans.js";

export interface PlaygroundRouteOptions {
  /** The path of GraphQL over HTTP on this server. */
  readonly endpoint: string;
  /** The path of GraphQL over WebSocket on this server. */
  readonly subscriptionUrl: string;
  /** Returns the current tokens and ids of the demo data. Returns null if there is no demo data. */
  readonly context: () => Promise<PlaygroundContext | null>;
  /** Default: the page shows no plans. */
  readonly plans?: StatementPlans | null;
}

const ASSETS_PATH = "/playground/assets";

/** Serves GET /playground and its scripts and styles. All scripts and styles come from this server. */
export async function playgroundRoutes(
  fastify: FastifyInstance,
  options: PlaygroundRouteOptions,
): Promise<void> {
  const [assets, examples] = await Promise.all([loadPlaygroundAssets(), loadPlaygroundExamples()]);
  const urls = assetUrls(assets);

  fastify.get("/playground", { compress: {} }, async (_request, reply) => {
    const { endpoint, subscriptionUrl } = options;
    const nonce = randomBytes(16).toString("base64url");
    const context = await options.context();
    const tabs = playgroundTabs(examples, context);
    const voiceToken = context?.tokens.ada ?? null;
    return reply
      .headers(pageHeaders(nonce))
      .send(playgroundPage({ endpoint, subscriptionUrl, tabs, voiceToken, ...urls, nonce }));
  });

  const { plans } = options;
  if (plans) {
    fastify.get<{ Params: { key: string } }>(`${PLANS_PATH}/:key`, async (request, reply) => {
      const plan = await plans.explain(request.params.key);
      if (plan) return reply.type("text/plain; charset=utf-8").send(`${plan.join("\n")}\n`);
      reply.callNotFound();
      return reply;
    });
  }

  fastify.get<{ Params: { hash: string; "*": string } }>(
    `${ASSETS_PATH}/:hash/*`,
    async (request, reply) => {
      const { hash, "*": name } = request.params;
      const asset = assets.find((each) => each.name === name && each.hash === hash);
      if (asset) return sendAsset(request, reply, asset);
      reply.callNotFound();
      return reply;
    },
  );
}

function assetUrls(assets: readonly PlaygroundAsset[]): PlaygroundAssetUrls {
  const urlsOf = (wanted: PlaygroundAssetKind): string[] =>
    assets
      .filter(({ kind }) => kind === wanted)
      .map(({ name, hash }) => `${ASSETS_PATH}/${hash}/${name}`);
  return {
    styles: urlsOf("style"),
    scripts: urlsOf("script"),
    modules: urlsOf("entry-module"),
  };
}

async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: PlaygroundAsset,
): Promise<FastifyReply> {
  const encoding = encodingFor(request);
  varyBy(reply, "Accept-Encoding");
  return reply
    .headers({
      "content-type": asset.contentType,
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    })
    .send(await compressedOnce(asset.bytes, encoding));
}

/**
 * Returns the headers of the page. The page contains tokens. Therefore no cache may store the page, no
 * site may show the page in a frame, and the page may call only this server.
 */
function pageHeaders(nonce: string): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      // GraphiQL's stylesheet contains its fonts and icons as data: URLs.
      "font-src 'self' data:",
      "img-src 'self' data:",
      "connect-src 'self'",
      // The player's sound and captions, and a take that the page has recorded itself.
      "media-src 'self' blob:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
