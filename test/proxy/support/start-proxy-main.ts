/**
 * A process of wsrally's that starts a proxy, tells the ids of all it started, and waits to be killed.
 */
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import type { ProxyKind } from "#wsrally/scenario/proxy-kind.js";

const kind = process.argv[2] as ProxyKind | "embedded";
const workspace = await createWorkspace();
const guard = createProcessGuard(workspace.path);
const signal = new AbortController().signal;
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
const started = processTree(process.pid).filter((pid) => pid !== process.pid);
process.stdout.write(`${JSON.stringify({ started, folder: workspace.path })}\n`);
setInterval(() => process.pid, 60_000);
