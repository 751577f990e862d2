/** By what Apache httpd is told from outside: its header and its error page together (2.4). */
import { headerOf, headerSign, type ProxySigns, toBroken } from "../../signs.js";

const words = "Your browser sent a request that this server could not understand.";

export const apacheSigns: ProxySigns = {
  recognise({ broken }) {
    const isOwn =
      broken !== null &&
      /^Apache(?:\/[\d.]+)?(?: |$)/.test(headerOf(broken, "Server")) &&
      broken.bodyStart.includes(words);
    return isOwn ? [headerSign(broken, "Server", toBroken), `its page there: ${words}`] : [];
  },
  meanings: [
    {
      status: 503,
      cause: "Apache could not connect to the backend",
      cure: "check that it runs at ProxyPass's address; the ErrorLog says AH00957 or AH01114",
    },
    {
      status: 500,
      cause: "the backend's name does not resolve, or the module for its scheme is not loaded (AH01144)",
      cure: "the ErrorLog names it; mod_proxy_http, and SSLProxyEngine on for https:// and wss://",
    },
    {
      status: 404,
      cause: "no ProxyPass takes this path, or the one before it does: the first that matches wins",
      cure: "the WebSocket's ProxyPass before that of /, with slashes alike at both ends",
    },
    ...[400, 426].map((status) => ({
      status,
      cause: "a backend that sees a plain request answers so: Apache passes no upgrade on without being told",
      cure: "ProxyPass / http://BACKEND/ upgrade=websocket (from 2.4.47), or ws:// in its address",
    })),
  ],
};
