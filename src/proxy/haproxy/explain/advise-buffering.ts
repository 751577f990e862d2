/**
 * What people set about buffers for WebSockets, and what counts.
 */
import { type Finding, note, ok } from "../../../diagnosis/finding.js";
import { effectiveOption } from "../language/effective.js";
import { type ConfigView, globalLine, written } from "./config-view.js";

const defaultSize = 16_384;

export function adviseBuffering(view: ConfigView): readonly Finding[] {
  const size = globalLine(view, "tune.bufsize");
  const words = `config: ${size === null ? `tune.bufsize is not set: ${defaultSize} bytes` : written(size)}`;
  const sections = [view.route?.frontend ?? null, view.backend].filter((section) => section !== null);
  const [found] = sections.flatMap((one) => effectiveOption(one, view.tree, "http-buffer-request") ?? []);
  if (found === undefined)
    return [ok("buffering", [`${words}; it is the tunnel's read size in both directions`])];
  return [
    note("buffering", {
      title: "http-buffer-request has no effect on a WebSocket",
      evidence: [`config: ${written(found)}`, words],
      cause:
        "it waits for a request's body, which a handshake does not have, and after the 101 HAProxy passes bytes on as they come; tune.bufsize is what counts, the tunnel's read size",
    }),
  ];
}
