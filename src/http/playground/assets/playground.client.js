import { config, headersOf, request, subscribe } from "./api.client.js";
import { watchOperations } from "./operations.client.js";

const { document, CustomEvent, React, ReactDOM, GraphiQL } = globalThis;

// GraphiQL's menus create a style element that stops the page from scrolling. GraphiQL reads the nonce
// of this element from this variable.
globalThis.__webpack_nonce__ = config.nonce;

const tabs = config.tabs.map(({ query, variables, token }) => ({
  query,
  variables: JSON.stringify(variables, null, 2),
  headers: JSON.stringify(headersOf(token), null, 2),
}));

/**
 * Returns a storage for GraphiQL that ends with the page. Otherwise a reload would bring back ids and
 * tokens of earlier demo data.
 */
function pageStorage() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

const isSubscription = ({ operationName }, documentAST) =>
  (documentAST?.definitions ?? []).some(
    (definition) =>
      definition.operation === "subscription" &&
      (!operationName || definition.name?.value === operationName),
  );

/** The newest version of each object in the answers so far, by id. */
const versions = new Map();

function rememberVersions(value) {
  if (typeof value !== "object" || value === null) return;
  if (value.id && value.version) versions.set(value.id, value.version);
  Object.values(value).forEach(rememberVersions);
}

/** Updates `version` in the open tab's variables, if the variables contain an object's id and `version`. */
function keepVersionFresh() {
  const editor = document.querySelector('[aria-label="Variables"] .CodeMirror')?.CodeMirror;
  const written = editor && parsed(editor.getValue());
  const id = Object.values(written ?? {}).find((value) => versions.has(value));
  if (!id || !("version" in written) || written.version === versions.get(id)) return;
  editor.setValue(JSON.stringify({ ...written, version: versions.get(id) }, null, 2));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let openTab = 0;
function changeTab({ activeTabIndex }) {
  // GraphiQL also calls this function while the visitor types. Change nothing in that case.
  if (activeTabIndex === openTab) return;
  openTab = activeTabIndex;
  globalThis.setTimeout(keepVersionFresh);
}

/** Handles every answer: notes the versions, and sends the answer to the player and the measures. */
function handleAnswer(answer, about) {
  rememberVersions(answer.data);
  keepVersionFresh();
  document.dispatchEvent(new CustomEvent("answer", { detail: { answer, ...about } }));
  return answer;
}

async function* follow(params, headers, isAsked) {
  for await (const answer of subscribe(params, headers)) {
    yield handleAnswer(answer, { isFollowed: true, isAsked });
  }
}

const ask = (params, headers) =>
  request(params, headers).then((answer) =>
    handleAnswer(answer, { isFollowed: false, isAsked: true }),
  );

const fetcher = (params, { headers = {}, documentAST } = {}) =>
  isSubscription(params, documentAST) ? follow(params, headers, true) : ask(params, headers);

/** Runs one tab when the page opens, so that the visitor can play the first sound with one click. */
async function beginPlayer() {
  const first = config.tabs.find(({ isHeardFirst }) => isHeardFirst);
  if (!first) return;
  const { query, variables, token } = first;
  const answers = follow({ query, variables }, headersOf(token), false);
  while (!(await answers.next()).done);
}

const playground = React.createElement(
  GraphiQL,
  {
    fetcher,
    storage: pageStorage(),
    defaultTabs: tabs,
    // GraphiQL reads the variables and headers of the first open tab here, not from defaultTabs.
    variables: tabs[0].variables,
    headers: tabs[0].headers,
    defaultEditorToolsVisibility: "variables",
    shouldPersistHeaders: false,
    onTabChange: changeTab,
    showPersistHeadersSettings: false,
  },
  React.createElement(GraphiQL.Logo, null, " "),
);
ReactDOM.createRoot(document.getElementById("playground")).render(playground);
watchOperations({ ask, follow: (params, headers) => follow(params, headers, true) });
// Ignore a failure. The player then stays hidden until the answer of a tab contains a sound.
beginPlayer().catch(() => undefined);
