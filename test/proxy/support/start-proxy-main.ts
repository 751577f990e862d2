/**
 * A process of wsrally's that starts a proxy of each kind it is told, tells the ids of all it started, and waits to be killed.
 */
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { ProxyKind } from "#wsrally/scenario/proxy-kind.js";

type Kind = ProxyKind | "embedded";

export interface Started {
  readonly kind: Kind;
  /** Process ids of the proxy and of what watches it. */
  readonly started: readonly number[];
  readonly folder: string;
}

const signal = new AbortController().signal;

async function start(kind: Kind): Promise<Started> {
  const before = processTree(process.pid);
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const proxy = await prepareProxy(
    kind === "embedded" ? { kind } : { kind: "proxy", proxy: kind, configFile: null },
    {},
    {
      backend: { host: "127.0.0.1", port: 9 },
      connections: 10,
      path: null,
      serverName: null,
      host: null,
      folder: workspace.path,
      guard,
    },
    signal,
  );
  await proxy.start(signal);
  const started = processTree(process.pid).filter((pid) => !before.includes(pid));
  return { kind, started, folder: workspace.path };
}

const all: Started[] = [];
for (const kind of process.argv.slice(2)) all.push(await start(kind as Kind));
process.stdout.write(`${JSON.stringify(all)}\n`);
setInterval(() => process.pid, 60_000);
