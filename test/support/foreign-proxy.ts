/** A real proxy that wsrally does not know as its own: started beside it, with an upstream at an address of the test's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";

export interface ForeignProxy {
  /** `ws://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /** Where a backend would stand; nobody listens there yet. */
  readonly behind: string;
  readonly behindPort: number;
  /** The file it was started with; empty for a built-in one. */
  readonly config: string;
  /** Processor time of its processes so far, in nanoseconds. */
  usage(): number;
}

const pass =
  "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; proxy_set_header Host $host;";

/** An nginx with a location for each thing that may go wrong. */
function nginxConfig(behindPort: number, elsewherePort: number): string {
  const here = `proxy_pass http://127.0.0.1:${behindPort};`;
  return `events {}
http {
  server {
    listen 80;
    location / { ${here} ${pass} }
    location /no-header { ${here} ${pass} proxy_set_header Wsrally-Token ""; }
    location /no-token { proxy_pass http://127.0.0.1:${behindPort}/bare?; ${pass} proxy_set_header Wsrally-Token ""; }
    location /no-upgrade { ${here} }
    location /elsewhere { proxy_pass http://127.0.0.1:${elsewherePort}; ${pass} }
  }
}
`;
}

export async function withForeignProxy<Result>(
  kind: "nginx" | "haproxy",
  use: (proxy: ForeignProxy) => Promise<Result>,
): Promise<Result> {
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const [behindPort = 0, elsewherePort = 0] = await findFreePorts(2);
  const configFile = kind === "nginx" ? join(workspace.path, "foreign.conf") : null;
  if (configFile !== null) writeFileSync(configFile, nginxConfig(behindPort, elsewherePort));
  const setting = {
    backend: { host: "127.0.0.1", port: behindPort },
    connections: 100,
    path: null,
    serverName: null,
    host: null,
    keepsUpstream: configFile !== null,
    folder: await workspace.folder("foreign"),
    guard,
  };
  const { signal } = new AbortController();
  const target =
    configFile === null
      ? ({ kind: "proxy", proxy: kind, configFile } as const)
      : ({ kind: "proxy", proxy: kind, configFile, confinedTo: null } as const);
  const prepared = await prepareProxy(target, {}, setting, signal);
  const running = await prepared.start(signal);
  try {
    const url = `ws://127.0.0.1:${running.endpoint.port}`;
    return await use({
      url,
      behind: `127.0.0.1:${behindPort}`,
      behindPort,
      config: configFile ?? "",
      usage: () => running.usage().cpuNs ?? 0,
    });
  } finally {
    await running.stop();
    await workspace.remove();
    guard.release();
  }
}
