/**
 * Makes a user's own config runnable in a private prefix on loopback, as it is but for what ties it to its machine:
 * addresses, logs, temporary paths, certificates. Every change is noted. The original is only ever read.
 */
import type { ProxySetting } from "../proxy.js";
import { adoptCertificates } from "./adopt-certificates.js";
import { adoptListens } from "./adopt-listens.js";
import { adoptPaths } from "./adopt-paths.js";
import { adoptUpstreams } from "./adopt-upstreams.js";
import { type Adoption, createAdoption, notSupported } from "./adoption.js";
import { workerSizing } from "./nginx-template.js";
import { type Directive, directive, walk } from "./nginx-tree.js";
import { readNginxConfig } from "./read-nginx-config.js";
import type { RunnableConfig } from "./runnable-config.js";

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptNginxConfig(file: string, setting: ProxySetting): Promise<RunnableConfig> {
  const adoption = createAdoption(file, setting);
  const read = readNginxConfig(file, adoption);
  refuseUnsupported(read);
  const whole = wrapSitePart(read, adoption);
  const { tree: listening, listenCount, tls } = adoptListens(whole, adoption);
  const proxying = adoptUpstreams(listening, adoption);
  const { tree: certified, files, caPem } = await adoptCertificates(proxying, adoption);
  return {
    tree: adoptPaths(certified, adoption),
    name: file,
    listenCount,
    tls,
    caPem: tls ? caPem : null,
    files,
    changes: adoption.changes(),
  };
}

/** Blocks and directives that reach beyond HTTP, or run code of their own while the config is read. */
const unsupported: ReadonlyMap<string, string> = new Map([
  ["load_module", "a dynamic module (load_module)"],
  ["ssl_engine", "a TLS engine (ssl_engine)"],
  ["stream", "a stream block"],
  ["mail", "a mail block"],
  ["rtmp", "an rtmp block"],
]);

function refuseUnsupported(tree: readonly Directive[]): void {
  for (const { node, path } of walk(tree)) {
    const what = path.length === 0 ? unsupported.get(node.name) : undefined;
    if (what !== undefined) throw notSupported(what, node.origin);
  }
}

/** A file of `sites-enabled/` or `conf.d/` holds what stands inside http { }; nginx runs it only as a part. */
function wrapSitePart(tree: readonly Directive[], { connections, note }: Adoption): readonly Directive[] {
  const names = new Set(tree.map(({ name }) => name));
  const isPart =
    ["server", "upstream"].some((name) => names.has(name)) && !names.has("http") && !names.has("events");
  if (!isPart) return tree;
  const { workerConnections, openFiles } = workerSizing(connections);
  note(
    "The file is a part of a config: it was put into an http block of its own, with one worker sized to the workload",
    null,
  );
  return [
    directive("worker_rlimit_nofile", String(openFiles)),
    {
      ...directive("events"),
      block: [directive("worker_connections", String(workerConnections))],
    },
    { ...directive("http"), block: tree },
  ];
}
