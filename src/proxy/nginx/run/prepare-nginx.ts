/**
 * An nginx arm, made ready: program found, config built or adopted, private prefix filled, config found good by nginx
 * itself.
 */
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Secrets } from "../../../base/secrets.js";
import { configDigest } from "../../instance/address-marks.js";
import { type ProxyLaunch, planLaunch } from "../../instance/launch.js";
import { writePrivate } from "../../instance/private-file.js";
import { renewalOf } from "../../instance/renew-certificate.js";
import { replaceableOf } from "../../instance/replaceable-instance.js";
import { startsOf } from "../../instance/start-instance.js";
import type { PreparedProxy, ProxySetting } from "../../proxy.js";
import { makeRunnable } from "../adopt/make-runnable.js";
import { settleModules, settleReading } from "../adopt/settle-modules.js";
import { varyConfig, withoutRates } from "../adopt/vary-config.js";
import { foretellNginx } from "../explain/foretell-nginx.js";
import { hasMaster } from "../explain/worker-room.js";
import { writtenConfig } from "../explain/written-config.js";
import { maskConfigText, maskTree } from "../language/mask-config.js";
import { type Directive, directive } from "../language/nginx-tree.js";
import { parseNginxConfig } from "../language/parse-nginx-config.js";
import { printNginxConfig } from "../language/print-nginx-config.js";
import { markInTree, UnrenderedTemplateError } from "../language/template-marks.js";
import { findNginx } from "./find-nginx.js";
import { noticeLogFile } from "./nginx-instance.js";
import { nginxReplacement } from "./replace-nginx.js";
import { nginxStart } from "./start-nginx.js";

interface NginxRequest {
  /** The user's own config, or null for the built-in one. */
  readonly configFile: string | null;
  /** `--set` pairs for the built-in config. */
  readonly set: Readonly<Record<string, string>>;
  readonly setting: ProxySetting;
  readonly signal: AbortSignal;
}

/**
 * @throws UsageError for a setting, or a file, that wsrally cannot use
 * @throws EnvironmentError when there is no nginx, or it refuses the config
 */
export async function prepareNginx({
  configFile,
  set,
  setting,
  signal,
}: NginxRequest): Promise<PreparedProxy> {
  const ready = await makeRunnable(configFile, set, setting);
  const runnable = { ...ready, tree: adjusted(ready.tree, setting) };
  const program = await findNginx(setting.image);
  const prefix = await mkdtemp(join(setting.folder, "nginx-"));
  const { isConfined, originals } = runnable;
  const launch = await planLaunch({
    ...{ program: program.path, container: program.container },
    versionArguments: ["-v"],
    prefix,
    isConfined,
  });
  for (const [name, content] of runnable.files) await writePrivate({ prefix, launch }, name, content);
  const secrets = new Secrets();
  const shown = maskTree(runnable.written, secrets.found);
  const bare = {
    program,
    secrets,
    launch,
    prefix,
    originals,
    hasWorkers: hasMaster(runnable.tree),
    listenCount: runnable.listenCount,
    backend: setting.backend,
    guard: setting.guard,
    configName: runnable.name,
  };
  const { asWritten, written, dropsModules, note } = runnable;
  const settling = { written, dropsModules, note, signal };
  // What nginx says of the file as it is written goes before what it says of the copy.
  if (asWritten !== null) {
    const { tree: readable, listenCount } = asWritten;
    await settleReading({ ...settling, instance: { ...bare, listenCount }, tree: readable });
  }
  const { instance, tree, text } = await settleModules({ ...settling, instance: bare, tree: runnable.tree }, [
    ...userDirectives(launch),
    directive("error_log", noticeLogFile, "notice"),
  ]);
  const mark = markInTree(written);
  if (mark !== null) throw new UnrenderedTemplateError(runnable.name, mark);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  const { tls, caPem, webSocket } = runnable;
  const start = nginxStart(instance);
  // The built-in one has no place that is not its text's.
  const quoted = configFile === null ? parseNginxConfig(text, runnable.name) : shown;
  const seen = {
    path: setting.path ?? webSocket?.path ?? null,
    serverName: setting.serverName ?? webSocket?.serverName ?? null,
    program,
  };
  return {
    ...foretellNginx({ ...runnable, tree }, setting, program.build),
    kind: "nginx",
    version: program.version,
    build: program.build,
    config: writtenConfig(quoted, seen),
    configText: maskConfigText(text),
    configSha256: configDigest(printNginxConfig(tree).text),
    changes: runnable.changes().map((change) => secrets.hide(change)),
    webSocket,
    upstreams: runnable.upstreams,
    ...renewalOf(runnable.renewedFiles, instance),
    ...startsOf(instance, start, { tls, caPem }),
    // Where one process does everything, nobody hands its sockets on.
    ...(instance.hasWorkers
      ? replaceableOf(instance, start, { tls, caPem }, nginxReplacement(instance))
      : {}),
  };
}

/** As `probe` wants it. */
function adjusted(
  tree: readonly Directive[],
  { liftsRates = false, variant = null }: ProxySetting,
): readonly Directive[] {
  const calm = liftsRates ? withoutRates(tree) : tree;
  return variant === null ? calm : varyConfig(calm, variant);
}

/**
 * Started by root, nginx hands its workers to `nobody`, whom the private prefix is closed to. It stands outside the
 * digest: the same config is the same for whoever runs it.
 */
function userDirectives({ user }: ProxyLaunch): Directive[] {
  if (process.getuid?.() !== 0 || user !== null) return [];
  return [directive("user", "root", process.platform === "darwin" ? "wheel" : "root")];
}
