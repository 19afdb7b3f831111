import type { PlaygroundTab } from "./playground.tabs.js";
import { VOICE_PANEL } from "./voice.panel.js";

/** URLs of the styles, of the libraries in running order, and of the modules that use the libraries. */
export interface PlaygroundAssetUrls {
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  readonly modules: readonly string[];
}

export interface PlaygroundPageOptions extends PlaygroundAssetUrls {
  /** The path of GraphQL over HTTP on this server. */
  readonly endpoint: string;
  /** The path of GraphQL over WebSocket on this server. */
  readonly subscriptionUrl: string;
  readonly tabs: readonly PlaygroundTab[];
  /** The bearer token of the panel "Your voice". With null, the panel says that nobody can record. */
  readonly voiceToken: string | null;
  /** The page allows only style elements with this nonce. GraphiQL's menus create such elements. */
  readonly nonce: string;
}

/**
 * Returns the playground's HTML. The configuration is JSON that a script file reads. The page has no
 * inline JavaScript.
 */
export function playgroundPage(options: PlaygroundPageOptions): string {
  const { endpoint, subscriptionUrl, tabs, voiceToken, styles, scripts, modules, nonce } = options;
  const links = styles.map((url) => `<link rel="stylesheet" href="${attribute(url)}">`);
  const loaded = scripts.map((url) => `<script defer src="${attribute(url)}"></script>`);
  const clients = modules.map((url) => `<script type="module" src="${attribute(url)}"></script>`);
  const config = json({ endpoint, subscriptionUrl, tabs, voiceToken, nonce });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fabula playground</title>
<link rel="icon" href="data:,">
${[...links, ...loaded, ...clients].join("\n")}
</head>
<body>
<header class="welcome">
<h1>Fabula</h1>
<p>${WELCOME}</p>
${PLAYER}
${VOICE_PANEL}
</header>
<section id="operations" class="operations" aria-label="Operations of this tab" hidden>
<p></p>
<button type="button">Run in order</button>
</section>
<main id="playground">Loading …</main>
<footer class="measures">
<p id="cost" role="status"></p>
<details id="sql" hidden><summary></summary><ol></ol></details>
</footer>
<script type="application/json" id="playground-config">${config}</script>
</body>
</html>
`;
}

const WELCOME =
  "Listen, or press play on any tab. The token under <em>Headers</em> signs in a tab: copy the token to " +
  "another tab to switch user, or clear it to sign out. Under <em>Your voice</em>, Ada agrees, reads " +
  "aloud, trains a voice and narrates with it. Reload to get the examples back.";

/**
 * The player, hidden at first. `player.client.js` shows the player when an answer contains a sound, or
 * when a tab follows a render.
 */
const PLAYER = `<section id="player" class="player" aria-label="Player" hidden>
<p role="status"></p>
<audio controls preload="metadata" aria-label="Narration"><track kind="captions"></audio>
<p class="caption"></p>
</section>`;

/**
 * Returns JSON for a script element. Escapes `<`, because the text `</script` in a title would end the
 * element.
 */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape);

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

const attribute = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
