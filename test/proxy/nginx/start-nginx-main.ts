/**
 * A process of wsrally's that starts an nginx, tells the ids of all it started, and waits to be killed.
 */
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import { processTree } from "#wsrally/proxy/process-family.js";

const workspace = await createWorkspace();
const guard = createProcessGuard(workspace.path);
const signal = new AbortController().signal;
const proxy = await prepareProxy(
  process.argv[2] === "embedded" ? { kind: "embedded" } : { kind: "proxy", proxy: "nginx", configFile: null },
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
