const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
/** The page itself contains or makes what these URLs name. */
const OWN_PROTOCOLS = ["data:", "blob:"];

/**
 * Collects faults that a visitor must never see: external requests, errors of browser scripts, blocked
 * content.
 */
export function watch(page) {
  const complaints = [];
  const visit = (url) => {
    const { protocol, hostname } = new URL(url);
    if (OWN_PROTOCOLS.includes(protocol) || LOCAL.includes(hostname)) return;
    complaints.push(`the page sent a request to ${url}`);
  };
  page.on("request", (request) => visit(request.url()));
  page.on("websocket", (socket) => visit(socket.url()));
  page.on("pageerror", (error) => complaints.push(`the page threw ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`the console shows ${message.text()}`);
  });
  return complaints;
}
