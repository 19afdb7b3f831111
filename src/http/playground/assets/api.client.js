// Sends the page's requests to the GraphQL API, as every other client does.
const { document, location, fetch, graphqlWs } = globalThis;

export const config = JSON.parse(document.getElementById("playground-config").textContent);

export const headersOf = (token) => (token ? { authorization: `Bearer ${token}` } : {});

export async function request(params, headers) {
  const response = await fetch(config.endpoint, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(params),
  });
  return response.json();
}

/** Opens one connection for each subscription, because each tab has its own token. */
export async function* subscribe(params, headers) {
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

/**
 * Returns the path and query of a link. Signed links contain the server's public host. The page can
 * have another host of the same server, so the host is left out.
 */
export function here(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
}

/** Returns true for a signed link of this server's sound. The page may open no other sound. */
export const isHere = (url) => new URL(url, location.href).pathname.startsWith("/media/");
