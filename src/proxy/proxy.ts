/**
 * What every proxy looks like to a trial: prepared once a run, started afresh for every trial.
 */
import type { ProcessGuard } from "../base/owned-process.js";
import type { ConfigFacts } from "../diagnosis/config-facts.js";
import type { ForetoldLimit, MachineLimits } from "../diagnosis/limit.js";
import type { WrittenConfig } from "../diagnosis/written-config.js";
import type { ReadableFolder } from "../scenario/arm.js";
import type { ProxyDiary } from "./proxy-diary.js";
import type { Variant } from "./variant.js";

/** Where the generator connects. */
export interface ProxyEndpoint {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Further ports of the same thing, where one would run out of the generator's local ports. */
  readonly morePorts?: readonly number[];
  /** PEM of the authority that signed the certificate, when it is the run's own. */
  readonly caPem: string | null;
}

/** The same backend over TLS, for configs that ask their upstream so. */
interface BackendTls {
  readonly port: number;
  /** Of the authority that signed its certificate. */
  readonly caPem: string;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Plain TCP address of wsrally's backend. */
export interface BackendAddress {
  readonly host: string;
  readonly port: number;
  /** Further ports of it, where one would run out of the proxy's local ports, or of its own open files. */
  readonly morePorts?: readonly number[];
  /** The same on other machines. */
  readonly others?: readonly HostPort[];
  /** Where clients reach the proxy that stands before it: an address of this machine, loopback when left out. */
  readonly facing?: string;
  /** Where it speaks plain TCP only, `https://` upstreams are asked over `http://`, and the changes say so. */
  readonly overTls?: BackendTls;
}

/** What a config is to be made ready for. */
export interface ProxyWish {
  readonly backend: BackendAddress;
  /** Connections that the workload opens through it. */
  readonly connections: number;
  /** Path to ask for; null for what the config says itself. */
  readonly path: string | null;
  /** Which of a config's servers is to be measured, by name; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  /** The Host header that the user gave, or null. */
  readonly host: string | null;
  /** Leaves passwords, address lists and client certificates in a user's config, which `probe` is there to find. */
  readonly keepsAccess?: boolean;
  /** Leaves a user's config the upstreams that it names: what answers there is not wsrally's. */
  readonly keepsUpstream?: boolean;
  /**
   * The folders that a stranger's config may be read from; it reaches nothing else, on this machine or another. Null
   * or absent for a user's own.
   */
  readonly confinedTo?: readonly ReadableFolder[] | null;
  /** Whether the run gives the proxy its processors and its priority: a config's own choice of them is left out. */
  readonly isPlaced?: boolean;
  /** Whether limits on how often a client may come are taken out: `probe` comes often, and tells of them by itself. */
  readonly liftsRates?: boolean;
  /** Version of HTTP that clients will speak; 1 where it is left out. A built-in config then takes it. */
  readonly http?: 1 | 2;
  /** The container image whose program runs it; left out for this machine's. */
  readonly image?: string;
  /** What a user's config is to do sooner, for `probe` to see it; null or absent for as it is. */
  readonly variant?: Variant | null;
}

/** What a proxy gets to prepare itself with. */
export interface ProxySetting extends ProxyWish {
  /** A private folder, already made, that lives as long as the run. */
  readonly folder: string;
  readonly guard: ProcessGuard;
}

/** How to ask for the WebSocket that a config proxies; null for what any proxy takes. */
export interface WebSocketAddress {
  /** Goes into Host and the TLS server name. */
  readonly serverName: string | null;
  readonly path: string | null;
}

/** What a config passes requests to, as it is written. */
export interface UpstreamAddress {
  /** `app.internal:8080`, `unix:/run/app.sock`, or a text with variables. */
  readonly address: string;
  /** "site.conf:12" */
  readonly origin: string;
}

/** What is known of a proxy before it runs: from its config, as it is to run here. */
export interface ForetoldProxy {
  /** Whether clients speak TLS to what is measured. */
  readonly tls: boolean;
  /** Null where there is no config. */
  readonly facts: ConfigFacts | null;
  /** What will stop it on such a machine. */
  limits(machine: MachineLimits): readonly ForetoldLimit[];
}

/** A proxy whose config was found good; nothing runs yet. */
export interface PreparedProxy extends ForetoldProxy {
  readonly kind: string;
  /** "1.31.3"; null where there is none to tell. */
  readonly version: string | null;
  /** What the program says of its build (`nginx -V`), or null. */
  readonly build: string | null;
  /** The config as it runs, for explanations in its own directives; null where there is none, or nothing explains it. */
  readonly config: WrittenConfig | null;
  /** The config as it runs, addresses included and secrets masked, to be shown; or null. */
  readonly configText: string | null;
  /** Of the config with the run's own addresses and paths left out, so that equal configs have equal digests. */
  readonly configSha256: string | null;
  /** What was changed in the user's config so that it could run here, a sentence each. */
  readonly changes: readonly string[];
  /** Null where the proxy has no say in it. */
  readonly webSocket: WebSocketAddress | null;
  /** What the user's config passes requests to, where wsrally's backend stands in for it. */
  readonly upstreams: readonly UpstreamAddress[];
  /**
   * Starts a fresh instance and resolves when it accepts connections.
   * @throws EnvironmentError with the proxy's own words when it does not
   */
  start(signal: AbortSignal): Promise<RunningProxy>;
  /** The same on a port of the user's choice, where another instance was before: a restart. Absent where it cannot. */
  readonly startAt?: (signal: AbortSignal, port: number) => Promise<RunningProxy>;
  /** How it is started for another to take its place later; absent where none can. */
  readonly replaceable?: ReplaceableStart;
  /**
   * Puts new certificates of the run's authority in the place of the run's own, for the next reload to find. Absent where
   * the config has none of them, or nothing puts them there.
   */
  readonly renewCertificate?: () => Promise<void>;
}

export interface ReplaceableStart {
  /** As `PreparedProxy.start`. */
  start(signal: AbortSignal): Promise<RunningProxy>;
  /** Whether that is how such a proxy gets another config too, for it has no other way. */
  readonly isReload: boolean;
}

export interface ProxyExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface ProcessUsage {
  readonly pid: number;
  readonly cpuNs: number;
  /** The same thread by thread, by their numbers; none where the kernel does not tell. */
  readonly threads: ReadonlyMap<number, number>;
}

/** Counters of all the proxy's processes at one instant; null for what this system does not tell. */
export interface ProxyUsage {
  /** Processor time used since the start, in nanoseconds. */
  readonly cpuNs: number | null;
  /** The same in ticks of 10 ms, by where it was spent. */
  readonly userTicks: number | null;
  readonly systemTicks: number | null;
  /** Context switches: for want of work, and because the processor was given to another. */
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  /** Resident memory in bytes; pages that processes share are counted once. */
  readonly rssBytes: number | null;
  /** The processes that are alive. */
  readonly processes: readonly ProcessUsage[];
}

export interface ProcessFootprint {
  readonly pid: number;
  /** The process that was started, of which the others are children as a rule. */
  readonly isMain: boolean;
  /** It carries no connections, whatever it is there for. */
  readonly isHelper: boolean;
  /** Its command line, where some say what a process is for; null when it has none. */
  readonly title: string | null;
  readonly descriptors: number | null;
}

/** What all the proxy's processes occupy at one instant; null for what this system does not tell. */
export interface ProxyFootprint {
  readonly rssBytes: number | null;
  /** Sum of the processes' own peaks: an upper bound where they had them at different times. */
  readonly rssBytesPeak: number | null;
  /** Exact: each shared page divided by the number of processes that have it. */
  readonly pssBytes: number | null;
  readonly descriptors: number;
  readonly processes: readonly ProcessFootprint[];
}

/** Reads what the proxy's processes use, those left over from before a reload included. */
export interface ProxyMeter {
  /** The process that was started, which leads the others where there are any; null where none is seen, or none stays. */
  readonly mainPid: number | null;
  /** The processes that are alive, the main one among them. */
  pids(): readonly number[];
  /** Cheap enough for a moment at which the load goes on. */
  usage(): ProxyUsage;
  /** Resident memory alone, as `usage` has it; null for no process. */
  residentBytes(): number | null;
  /** Open file descriptors alone, as `footprint` has them. */
  descriptors(): number | null;
  /** Proportional memory alone, as `footprint` has it. Not under load: it holds the processes' memory locks. */
  exactBytes(): number | null;
  /** Null when no process can be seen. Not under load, as `exactBytes`. */
  footprint(): ProxyFootprint | null;
  /** Without the look at every process of the machine, which takes most of the time: of those seen before, and their children. */
  knownFootprint(): ProxyFootprint | null;
}

export interface RunningProxy extends ProxyMeter {
  readonly endpoint: ProxyEndpoint;
  /** Set once the proxy has ended without being asked to. */
  exited(): ProxyExit | null;
  /** The error log's lines so far. */
  log(): readonly string[];
  /** What the log says so far, counted by message, and what became of the processes. */
  diary(): ProxyDiary;
  /**
   * Makes the proxy read its config again, as its own reload does; resolves when new workers are there.
   * @param config what it finds: as if something had changed in it ("changed" when left out), which some proxies look for
   * before they do anything
   */
  readonly reload?: (config?: "changed" | "same") => Promise<void>;
  /** Writes a config with another backend, for the next reload to find. Absent where there is no config. */
  readonly pointTo?: (backend: BackendAddress) => Promise<void>;
  /**
   * Another takes its place while its clients are still there, as an upgrade has it: by the same program, or by the one of
   * this path. Resolves when new clients are served by it. There only for one that was started by `replaceable`.
   * @throws EnvironmentError when none takes its place
   */
  readonly replace?: (program: string | null) => Promise<void>;
  /** Ends every process of the instance and waits for it; safe to call twice. */
  stop(): Promise<void>;
}
