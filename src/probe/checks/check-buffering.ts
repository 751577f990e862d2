/**
 * Directives that people set for WebSockets and that have no effect on one.
 */

import { type Finding, note, notTested, ok } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";

/** `proxy_buffers` has to fit `proxy_buffer_size`, so that nobody is told off for it. */
const idle = ["proxy_buffering", "proxy_request_buffering"];

export function checkBuffering({ view, arm }: ProbeContext): readonly Finding[] {
  if (!isNginx(arm) || view === null) return [notTested("buffering", "there is no config to read")];
  const own = view.locations.at(-1)?.block ?? [];
  const found = own.filter(({ name }) => idle.includes(name));
  const [size] = view.effective("proxy_buffer_size");
  const sizeWords =
    size === undefined
      ? "proxy_buffer_size is not set: 4k or 8k, a page"
      : `\`proxy_buffer_size ${size.args[0]}\` at ${placeOf(size.origin)}`;
  if (found.length === 0)
    return [ok("buffering", [`config: ${sizeWords}; it is the tunnel's read size in both directions`])];
  return [
    note("buffering", {
      title: `${found.map(({ name }) => name).join(", ")} ${found.length === 1 ? "has" : "have"} no effect on a WebSocket`,
      evidence: [
        ...found.map(
          (node) => `config: \`${[node.name, ...node.args].join(" ")}\` at ${placeOf(node.origin)}`,
        ),
        `config: ${sizeWords}`,
      ],
      cause:
        "after the 101 nginx passes bytes on as they come, before it looks at any of these; proxy_buffer_size is what counts, the tunnel's read size, by which large messages cost more or fewer system calls",
    }),
  ];
}
