/**
 * The config of an nginx arm in the form that runs in a private prefix: wsrally's own, or the user's, adopted.
 */
import { UsageError } from "../../../base/errors.js";
import type { ProxyWish } from "../../proxy.js";
import { type Leaf, makeRunCertificate } from "../../run-certificate.js";
import { parseNginxSettings } from "../run/nginx-settings.js";
import { builtInNginxConfig } from "../run/nginx-template.js";
import { adoptNginxConfig } from "./adopt-nginx-config.js";
import { placingDirective } from "./adopt-placement.js";
import type { RunnableConfig } from "./runnable-config.js";

/**
 * @param configFile the user's own, or null for the built-in one
 * @param set `--set` pairs for the built-in config
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws ConfigRefusedError when the file is not well-formed
 */
export function makeRunnable(
  configFile: string | null,
  set: Readonly<Record<string, string>>,
  setting: ProxyWish,
): Promise<RunnableConfig> {
  return configFile === null ? builtIn(set, setting) : adoptNginxConfig(configFile, setting);
}

async function builtIn(set: Readonly<Record<string, string>>, setting: ProxyWish): Promise<RunnableConfig> {
  const settings = parseNginxSettings(set);
  const placing = setting.isPlaced === true ? placingDirective(Object.keys(set)) : null;
  if (placing !== null) {
    throw new UsageError(
      `Cannot set ${placing}: the run chooses the proxy's processors and priority itself; want \`cpus: none\` in a scenario`,
    );
  }
  const certificate = settings.tls ? await makeRunCertificate({ kind: "ec", curve: "P-256" }) : null;
  const tree = builtInNginxConfig(settings, setting.connections);
  return {
    tree,
    written: tree,
    asWritten: null,
    name: "the built-in config",
    listenCount: 1,
    tls: settings.tls,
    isSized: set.worker_connections === undefined && set.worker_rlimit_nofile === undefined,
    caPem: certificate?.caPem ?? null,
    files: certificate === null ? new Map() : filesOf(certificate),
    renewedFiles: certificate === null ? null : async () => filesOf(await certificate.renew()),
    originals: new Map(),
    isConfined: false,
    webSocket: null,
    upstreams: [],
    obstacle: null,
    dropsModules: false,
    note: () => undefined,
    changes: () => [],
  };
}

function filesOf({ certificatePem, keyPem }: Leaf): Map<string, string> {
  return new Map([
    ["run.crt", certificatePem],
    ["run.key", keyPem],
  ]);
}
