/**
 * By what Traefik is told from outside: it has no header of its own, and is the one of Go's proxies here that refuses a
 * path with # in it, with an empty body (3.0 and 3.7).
 */
import { headerOf, isGoServer, type ProxySigns, toBroken, toFragment } from "../../signs.js";

export const traefikSigns: ProxySigns = {
  recognise(seen) {
    const { fragment, upgrade } = seen;
    const isRefused =
      fragment !== null &&
      fragment.status === 400 &&
      fragment.bodyStart === "" &&
      headerOf(fragment, "Content-Length") === "0" &&
      ["Server", "Via"].every((name) => headerOf(fragment, name) === "");
    // Who refuses everything so refuses no path.
    if (!isGoServer(seen) || !isRefused || (upgrade?.status === 400 && upgrade.bodyStart === "")) return [];
    return [
      `an empty 400 without a Server header to ${toFragment}`,
      `Go's own 400 Bad Request to ${toBroken}`,
    ];
  },
  meanings: [
    {
      status: 404,
      body: /^404 page not found/,
      cause:
        "404 page not found is Traefik's answer where no router takes the request: by host, path or entry point, or a router that was dropped for a fault; behind TLS a router without tls takes none",
      cure: "a router whose rule has this host and path, on this entry point; Traefik's log at level ERROR names routers that it dropped",
    },
    {
      status: 502,
      body: /^Bad Gateway/,
      cause: "Traefik could not connect to the backend",
      cure: "check that it runs at the service's url; Traefik's log at level DEBUG has the reason",
    },
    {
      status: 503,
      body: /^no available server/,
      cause: "no server of the service passes its health check",
      cure: "check loadBalancer.servers and its healthCheck",
    },
    {
      status: 429,
      cause:
        "a middleware's limit is reached: inFlightReq counts every open WebSocket, rateLimit every handshake",
      cure: "raise the limit, or leave the WebSocket's router without it",
    },
    {
      status: 500,
      cause: "the service's url has a scheme that does not fit: https:// to a plain backend, or ws://",
      cure: "http:// or https:// as the backend speaks",
    },
  ],
};
