/**
 * The page at `/`: pings the server from a browser, through whatever stands in between.
 */
export function homePage(path: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wsrally backend</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
  output { display: block; white-space: pre-wrap; font-family: ui-monospace, monospace; min-height: 8em; }
</style>
</head>
<body>
<h1>wsrally backend</h1>
<p>The WebSocket is at <code id="address"></code>. It answers <code>ping</code> with <code>pong</code> and echoes
everything else.</p>
<p><button id="ping" type="button">Ping</button> <span id="state" role="status">connecting</span></p>
<output id="log" aria-live="polite"></output>
<script>
  const address = new URL(${JSON.stringify(path)}, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const show = (id, text) => { document.getElementById(id).textContent = text; };
  show("address", address.href);
  const lines = [];
  const log = (line) => { lines.push(line); show("log", lines.slice(-12).join("\\n")); };
  let socket, sentAt;
  const ping = () => { sentAt = performance.now(); socket.send("ping"); };
  const connect = () => {
    socket = new WebSocket(address);
    socket.onopen = () => { show("state", "open"); ping(); };
    socket.onmessage = (event) => log(event.data + " after " + (performance.now() - sentAt).toFixed(2) + " ms");
    socket.onclose = (event) => { show("state", "closed"); log("closed, code " + event.code); };
  };
  document.getElementById("ping").onclick = () => (socket.readyState === WebSocket.OPEN ? ping() : connect());
  connect();
</script>
</body>
</html>
`;
}
