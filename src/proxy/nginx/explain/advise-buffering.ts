/**
 * Directives that people set for WebSockets and that have no effect on one.
 */
import { type Finding, note, ok } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { type Directive, quoteOf } from "../language/nginx-tree.js";
import type { Reading } from "./reading.js";

/** `proxy_buffers` has to fit `proxy_buffer_size`, so that nobody is told off for it. */
const idle = ["proxy_buffering", "proxy_request_buffering"];

export function adviseBuffering({ view }: Reading): readonly Finding[] {
  const own = view.locations.at(-1)?.block ?? [];
  const found = own.filter(({ name }) => idle.includes(name));
  const [size] = view.effective("proxy_buffer_size");
  const words = sizeWords(size);
  if (found.length === 0)
    return [ok("buffering", [`${words}; it is the tunnel's read size in both directions`])];
  return [
    note("buffering", {
      title: `${found.map(({ name }) => name).join(", ")} ${found.length === 1 ? "has" : "have"} no effect on a WebSocket`,
      evidence: [...found.map((node) => `config: ${quoteAt(quoteOf(node))}`), words],
      cause:
        "after the 101 nginx passes bytes on as they come, before it looks at any of these; proxy_buffer_size is what counts, the tunnel's read size, by which large messages cost more or fewer system calls",
    }),
  ];
}

function sizeWords(size: Directive | undefined): string {
  return size === undefined
    ? "config: proxy_buffer_size is not set: 4k or 8k, a page"
    : `config: ${quoteAt(quoteOf(size))}`;
}
