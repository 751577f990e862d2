/**
 * The proxies that an agent runs for one controller, with the same code that runs them where there is no agent. What comes
 * of configs is kept in a private folder by its digest, and nowhere by the names that it had.
 */
import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { killProcesses, processesHere } from "../proxy/kill-processes.js";
import { prepareProxy } from "../proxy/prepare-proxy.js";
import type { PreparedProxy, RunningProxy } from "../proxy/proxy.js";
import { carriedReach } from "../proxy/reach/carried-files.js";
import { readingBy } from "../proxy/reach/reach.js";
import { imageOf } from "../scenario/arm.js";
import {
  deeds,
  type FileMark,
  type PreparedThere,
  type ProxyAnswer,
  type ProxyOrder,
  type ProxyRequest,
  type Question,
  type StartWay,
} from "./proxy-protocol.js";
import { shortDiary } from "./short-diary.js";

interface ServedArm {
  readonly prepared: PreparedProxy;
  running: RunningProxy | null;
}

/** Of one file, and of all that a session may send. */
const mostBytes = 64 * 1024 ** 2;

export class ServedProxies {
  readonly #folder: string;
  readonly #guard: ProcessGuard;
  readonly #arms = new Map<string, ServedArm>();
  /** Whole and right, by digest. */
  readonly #kept = new Set<string>();
  readonly #coming = new Map<string, Buffer[]>();
  readonly #over = new AbortController();
  #bytes = 0;
  #made = 0;

  /** @param folder private, and there already; what is in it goes with the session */
  constructor(folder: string, guard: ProcessGuard) {
    this.#folder = folder;
    this.#guard = guard;
  }

  /** @throws UsageError or EnvironmentError in words for the user; RangeError for what no controller asks */
  async answer(request: ProxyRequest): Promise<ProxyAnswer | { readonly kind: "done" }> {
    switch (request.kind) {
      case "keep":
        await this.#keep(request);
        return { kind: "done" };
      case "prepare":
        return { kind: "prepared", proxy: await this.#prepare(request.arm, request.order) };
      case "start": {
        const proxy = await this.#start(request.arm, request.how);
        const can = deeds.filter((deed) => proxy[deed] !== undefined);
        return { kind: "started", endpoint: proxy.endpoint, can };
      }
      case "look":
        return { kind: "seen", answer: lookAt(this.#running(request.arm), request.question) };
      case "reload":
        await this.#running(request.arm).reload?.(request.config);
        return { kind: "done" };
      case "point":
        await this.#running(request.arm).pointTo?.(request.backend);
        return { kind: "done" };
      case "replace":
        await this.#running(request.arm).replace?.(null);
        return { kind: "done" };
      case "renew":
        await this.#armOf(request.arm).prepared.renewCertificate?.();
        return { kind: "done" };
      case "kill":
        killProcesses(this.#running(request.arm), request.which);
        return { kind: "done" };
      case "stop": {
        const arm = this.#armOf(request.arm);
        await arm.running?.stop();
        arm.running = null;
        return { kind: "done" };
      }
    }
  }

  /** Resolves when every proxy has ended and nothing of a config is left. */
  async end(): Promise<void> {
    this.#over.abort(new Error("the session is over"));
    await Promise.all([...this.#arms.values()].map(({ running }) => running?.stop()));
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #keep({ sha256, bytes, piece }: ProxyRequest & { kind: "keep" }): Promise<void> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError("no digest of a file");
    if (this.#kept.has(sha256)) return;
    const pieces = this.#coming.get(sha256) ?? [];
    const content = Buffer.from(piece, "base64");
    this.#bytes += content.length;
    if (this.#bytes > mostBytes) throw new UsageError("more files than a config has");
    pieces.push(content);
    this.#coming.set(sha256, pieces);
    const whole = Buffer.concat(pieces);
    if (whole.length < bytes) return;
    this.#coming.delete(sha256);
    if (createHash("sha256").update(whole).digest("hex") !== sha256)
      throw new UsageError("a file of the config is not what it was when it was sent");
    await writeFile(join(this.#folder, sha256), whole, { mode: 0o600, flag: "wx" });
    this.#kept.add(sha256);
  }

  async #prepare(name: string, { target, set, wish, files }: ProxyOrder): Promise<PreparedThere> {
    if (target.kind !== "proxy" && target.kind !== "embedded")
      throw new RangeError("an agent runs proxies alone");
    // Whoever orders one could have any program run.
    if (imageOf(target) !== null) throw new UsageError("an agent runs no container images");
    const reach = carriedReach(this.#placesOf(files), this.#newFolder("no-files"));
    const setting = { ...wish, folder: this.#newFolder("arm"), guard: this.#guard };
    const prepared = await readingBy(reach, () => prepareProxy(target, set, setting, this.#over.signal));
    this.#arms.set(name, { prepared, running: null });
    const { kind, tls, facts, version, build, configText, configSha256, changes, webSocket, upstreams } =
      prepared;
    return {
      ...{ kind, tls, facts, version, build, configText, configSha256, changes, webSocket, upstreams },
      restarts: prepared.startAt !== undefined,
      replaceable: prepared.replaceable === undefined ? null : { isReload: prepared.replaceable.isReload },
      renews: prepared.renewCertificate !== undefined,
    };
  }

  #placesOf(files: readonly FileMark[]): Map<string, string> {
    const lacking = files.find(({ sha256 }) => !this.#kept.has(sha256));
    if (lacking !== undefined) throw new UsageError("a file of the config has not come");
    return new Map(files.map(({ path, sha256 }) => [path, join(this.#folder, sha256)]));
  }

  async #start(name: string, how: StartWay): Promise<RunningProxy> {
    const arm = this.#armOf(name);
    const { prepared } = arm;
    await arm.running?.stop();
    const { signal } = this.#over;
    const running = await startBy(prepared, how, signal);
    if (running === undefined) throw new RangeError(`${name} cannot be started in this way`);
    arm.running = running;
    // The session may have ended while it started.
    if (signal.aborted) await running.stop();
    signal.throwIfAborted();
    return running;
  }

  #newFolder(what: string): string {
    const folder = join(this.#folder, `${what}-${this.#made++}`);
    makeFolder(folder, { what: "a private folder" });
    return folder;
  }

  #armOf(name: string): ServedArm {
    const arm = this.#arms.get(name);
    if (arm === undefined) throw new RangeError(`no proxy ${name} was prepared`);
    return arm;
  }

  #running(name: string): RunningProxy {
    const { running } = this.#armOf(name);
    if (running === null) throw new RangeError(`the proxy ${name} does not run`);
    return running;
  }
}

function lookAt(proxy: RunningProxy, question: Question | "processes"): unknown {
  if (question === "processes") return processesHere(proxy);
  return question === "diary" ? shortDiary(proxy.diary()) : proxy[question]();
}

async function startBy(
  { start, startAt, replaceable }: PreparedProxy,
  how: StartWay,
  signal: AbortSignal,
): Promise<RunningProxy | undefined> {
  if (how === "afresh") return start(signal);
  return how === "replaceable" ? replaceable?.start(signal) : startAt?.(signal, how.port);
}
