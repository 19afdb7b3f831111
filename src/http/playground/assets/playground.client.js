const { document, location, fetch, React, ReactDOM, GraphiQL, graphqlWs } = globalThis;

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

const fetcher = (params, { headers = {}, documentAST } = {}) =>
  isSubscription(params, documentAST) ? subscribe(params, headers) : request(params, headers);

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
    showPersistHeadersSettings: false,
  },
  React.createElement(GraphiQL.Logo, null, " "),
);
ReactDOM.createRoot(document.getElementById("playground")).render(playground);
