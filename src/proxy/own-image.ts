/**
 * A container image run as it is, with its own config: it listens on the port that its user says, and what it passes requests
 * to is its own business.
 */
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../base/errors.js";
import type { OwnImage } from "../scenario/image-arm.js";
import { acceptsTcp } from "./accepts-tcp.js";
import { type ContainerEngine, demandImage, findEngine } from "./container/container-engine.js";
import { imageCommand } from "./container/container-image.js";
import { containerName, holdContainer } from "./container/hold-container.js";
import { prepareUrl } from "./direct.js";
import { type ProxyChild, spawnLaunched } from "./instance/spawn-proxy.js";
import { startLimitMs } from "./instance/start-instance.js";
import { readLogLines } from "./log/read-log-lines.js";
import { isOfCgroup } from "./process-family.js";
import { createUsageMeter } from "./process-usage.js";
import type { PreparedProxy, ProxyEndpoint, ProxySetting, RunningProxy } from "./proxy.js";
import { plainDiary } from "./proxy-diary.js";

const outputFile = "container.log";
const pollMs = 20;

/**
 * @param url where it is reached
 * @throws EnvironmentError where there is no engine, or no such image
 */
export async function prepareOwnImage(
  url: string,
  container: OwnImage,
  setting: ProxySetting,
): Promise<PreparedProxy> {
  const engine = await findEngine();
  await demandImage(engine, container.image);
  const reached = prepareUrl(url);
  return {
    ...reached,
    kind: "image",
    async start(signal) {
      const { endpoint } = await reached.start(signal);
      return startImage(engine, container, endpoint, { setting, signal });
    },
  };
}

interface StartSettings {
  readonly setting: ProxySetting;
  readonly signal: AbortSignal;
}

/** @throws EnvironmentError with the container's last words where it does not come up */
async function startImage(
  engine: ContainerEngine,
  { image, configFile, place }: OwnImage,
  endpoint: ProxyEndpoint,
  { setting: { folder, guard }, signal }: StartSettings,
): Promise<RunningProxy> {
  const { host, port } = endpoint;
  if (await acceptsTcp(host, port, 1000))
    throw new EnvironmentError(`Cannot run the image ${image}: something listens on port ${port} already`);
  const name = containerName();
  const mounted = configFile === null || place === null ? null : { file: resolve(configFile), place };
  const [file = "", ...args] = imageCommand(engine, image, name, mounted);
  const path = join(folder, outputFile);
  const child = spawnLaunched(
    { file, args, environment: process.env, hold: () => holdContainer(engine, name) },
    { path, cwd: folder, guard, owner: null },
  );
  const trouble = await untilListening(child, endpoint, signal);
  if (trouble !== null) {
    await child.stop();
    signal.throwIfAborted();
    throw new EnvironmentError(`Cannot run the image ${image}: ${trouble}`);
  }
  const pid = (await child.mainPid()) || null;
  const isKin = pid === null ? undefined : isOfCgroup(pid);
  return {
    ...createUsageMeter(pid, undefined, { isKin }),
    endpoint,
    exited: child.exited,
    log: () => readLogLines(path),
    diary: () => plainDiary(readLogLines(path)),
    stop: child.stop,
  };
}

async function untilListening(
  child: ProxyChild,
  { host, port }: ProxyEndpoint,
  signal: AbortSignal,
): Promise<string | null> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline && !signal.aborted) {
    const end = child.ended();
    if (end !== null) return child.lastWords() ?? `it ended at once (exit code ${end.code})`;
    if ((await child.mainPid()) !== null && (await acceptsTcp(host, port, 1000))) return null;
    await sleep(pollMs);
  }
  return `nothing listened on port ${port} within ${startLimitMs / 1000} s`;
}
