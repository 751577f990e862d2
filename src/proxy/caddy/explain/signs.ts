/** By what Caddy is told from outside: its headers, over what Go's own server answers (2.6 to 2.11). */
import {
  headerOf,
  headerSign,
  isGoServer,
  type ProxySigns,
  type SeenAnswer,
  toBroken,
  toFragment,
} from "../../signs.js";

export const caddySigns: ProxySigns = {
  recognise(seen) {
    if (!isGoServer(seen)) return [];
    const signs = [
      ...signsIn(seen.upgrade, "the upgrade"),
      // Another proxy of Go's before it would have answered this itself.
      ...signsIn(seen.fragment, toFragment),
    ];
    const isPassed = seen.fragment === null || signsIn(seen.fragment, toFragment).length > 0;
    return signs.length > 0 && isPassed ? [...signs, `Go's own 400 Bad Request to ${toBroken}`] : [];
  },
  meanings: [
    {
      status: 200,
      body: /^$/,
      cause:
        "an empty 200 is Caddy's answer where no site has this host, or no handler takes the request; or the backend's 101 lacked its Upgrade header",
      cure: "a site whose address has this host and port (--host tries another), with reverse_proxy for this path",
    },
    {
      status: 502,
      body: /^$/,
      cause: "Caddy reached no backend, or could not read its answer",
      cure: "check that the backend runs at the address of reverse_proxy; Caddy's log has Go's words for it",
    },
    {
      status: null,
      cause:
        "a Caddy that answers other requests and not an upgrade may have response_buffers on, which keep the 101 back; or the backend itself is silent",
      cure: "take response_buffers (buffer_responses before 2.8) out of reverse_proxy; probe the config from both ends: wsrally probe caddy:FILE",
    },
  ],
};

function signsIn(answer: SeenAnswer | null, to: string): string[] {
  const isNamed = { Server: /^Caddy$/, Via: /(?:^|, )\d\.\d Caddy$/ };
  return Object.entries(isNamed).flatMap(([name, sign]) =>
    sign.test(headerOf(answer, name)) ? [headerSign(answer, name, to)] : [],
  );
}
