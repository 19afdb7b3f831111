const { document, location, fetch, CustomEvent, React, ReactDOM, GraphiQL, graphqlWs } = globalThis;

const config = JSON.parse(document.getElementById("playground-config").textContent);

// GraphiQL's menus lock the page's scrolling with a style element; this is where they take its nonce.
globalThis.__webpack_nonce__ = config.nonce;

const headersOf = (token) => (token ? { authorization: `Bearer ${token}` } : {});

const tabs = config.tabs.map(({ query, variables, token }) => ({
  query,
  variables: JSON.stringify(variables, null, 2),
  headers: JSON.stringify(headersOf(token), null, 2),
}));

/** Kept for as long as the page: ids and tokens of an earlier seed must not come back with a reload. */
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

async function request(params, headers) {
  const response = await fetch(config.endpoint, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(params),
  });
  return response.json();
}

/** One connection a subscription, so that each carries the token of the tab that started it. */
async function* subscribe(params, headers) {
  const url = new URL(config.subscriptionUrl, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const client = graphqlWs.createClient({
    url: url.href,
    connectionParams: headers,
    retryAttempts: 0,
  });
  try {
    yield* client.iterate(params);
  } catch (closed) {
    throw "code" in closed
      ? new Error(`The connection closed with ${closed.code} ${closed.reason}`)
      : closed;
  } finally {
    void client.dispose();
  }
}

/** The newest version met of everything, by its id. */
const versions = new Map();

function noteVersions(value) {
  if (typeof value !== "object" || value === null) return;
  if (value.id && value.version) versions.set(value.id, value.version);
  Object.values(value).forEach(noteVersions);
}

/** Where the open tab's variables name something and its `version`, writes the one it has now. */
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
  // Also called for what is typed, which stays as it is.
  if (activeTabIndex === openTab) return;
  openTab = activeTabIndex;
  globalThis.setTimeout(keepVersionFresh);
}

/** Every answer passes here, to the player as well. */
function hear(answer, about) {
  noteVersions(answer.data);
  keepVersionFresh();
  document.dispatchEvent(new CustomEvent("answer", { detail: { answer, ...about } }));
  return answer;
}

async function* follow(params, headers, isAsked) {
  for await (const answer of subscribe(params, headers)) {
    yield hear(answer, { isFollowed: true, isAsked });
  }
}

const fetcher = (params, { headers = {}, documentAST } = {}) =>
  isSubscription(params, documentAST)
    ? follow(params, headers, true)
    : request(params, headers).then((answer) => hear(answer, { isFollowed: false, isAsked: true }));

/** Runs the tab that the player begins with, so that it is one click from sounding. */
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
    // The tab that is open first takes these from here and not from defaultTabs.
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
// Without it the player stays as it is, until a tab brings sound.
beginPlayer().catch(() => undefined);
