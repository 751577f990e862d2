/**
 * `embedded`: a plain TCP relay in Node, in a process of its own. For machines with no proxy, and to try wsrally out;
 * its cost says nothing about the proxies of the real world.
 */
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { promptNode } from "../base/prompt-node.js";
import type { ForetoldLimit, MachineLimits } from "../diagnosis/limit.js";
import { facingOf } from "./instance/address-marks.js";
import { createUsageMeter } from "./process-usage.js";
import type { ForetoldProxy, PreparedProxy, ProxySetting, RunningProxy } from "./proxy.js";
import { plainDiary } from "./proxy-diary.js";
import { parseRelaySettings, type RelaySettings } from "./relay-settings.js";
import { type SupervisedChild, superviseChild } from "./supervised-child.js";
import { upstreamPorts } from "./upstream-ports.js";

const relayFile = fileURLToPath(new URL("./embedded-relay-main.js", import.meta.url));
const startLimitMs = 10_000;

/** It has no config, and knows one address of the backend. */
export const relayForetold: ForetoldProxy = {
  tls: false,
  facts: null,
  limits: (machine) => [...relayFiles(machine), ...upstreamPorts(machine, 1)],
};

/** @throws UsageError for a setting that the relay does not have */
export function prepareEmbedded(setting: ProxySetting, set: Readonly<Record<string, string>>): PreparedProxy {
  const settings = parseRelaySettings(set);
  return {
    kind: "embedded",
    ...relayForetold,
    version: process.versions.node,
    build: `Node.js ${process.version}`,
    config: null,
    configText: null,
    configSha256: null,
    changes: [],
    webSocket: null,
    upstreams: [],
    start: (signal) => startRelay(setting, settings, signal),
  };
}

/** Of the relay's own. */
const spareFiles = 100;

function relayFiles({ maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  if (maxOpenFiles === null) return [];
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: Math.floor((maxOpenFiles - spareFiles) / 2),
      directive: `ulimit -n ${maxOpenFiles}`,
      note: "2 open files a WebSocket in the relay",
      provenBy: ["no-descriptors"],
      admission: null,
    },
  ];
}

async function startRelay(
  setting: ProxySetting,
  { spinUs, stallMs, leakBytes, leakConnectionBytes }: RelaySettings,
  signal: AbortSignal,
): Promise<RunningProxy> {
  signal.throwIfAborted();
  const { backend, connections } = setting;
  const host = facingOf(backend);
  const relayArgs = [
    ...promptNode,
    relayFile,
    `--backend-host=${backend.host}`,
    `--backend-port=${backend.port}`,
    `--host=${host}`,
    `--spin-us=${spinUs}`,
    `--stall-ms=${stallMs}`,
    `--leak-bytes=${leakBytes}`,
    `--leak-connection-bytes=${leakConnectionBytes}`,
    `--backlog=${Math.min(Math.max(511, connections), 65_535)}`,
  ];
  const child = setting.guard.spawn(process.execPath, relayArgs, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const lines: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => lines.push(...text.trimEnd().split("\n")));
  const supervised = superviseChild(child);
  try {
    const port = await listeningPort(child, supervised, signal);
    return {
      ...createUsageMeter(supervised.pid),
      endpoint: { tls: false, host, port, caPem: null },
      exited: supervised.exited,
      log: () => [...lines],
      diary: () => plainDiary(lines),
      stop: supervised.stop,
    };
  } catch (thrown) {
    await supervised.stop();
    if (signal.aborted) throw thrown;
    const words = lines.length > 0 ? lines.join("; ") : messageOf(thrown);
    throw new EnvironmentError(`Cannot start the embedded relay: ${words}`, { cause: thrown });
  }
}

function listeningPort(
  child: ChildProcess,
  supervised: SupervisedChild,
  signal: AbortSignal,
): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const timeout = setTimeout(
      () => reject(new Error(`it did not listen within ${startLimitMs / 1000} s`)),
      startLimitMs,
    );
    const finish = (settle: () => void): void => {
      clearTimeout(timeout);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("message", (message) => finish(() => resolve((message as { port: number }).port)));
    child.once("exit", (code) =>
      finish(() => reject(supervised.startError() ?? new Error(`it ended with ${code}`))),
    );
    child.once("error", (error) => finish(() => reject(error)));
  });
}
