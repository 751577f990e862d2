/**
 * All that wsrally asks of a kind of proxy. A null member is a skill that it does not have yet: who needs it says so.
 */
import type { Found } from "../base/mask-secrets.js";
import type { ProcessGuard } from "../base/owned-process.js";
import type { Quote } from "../diagnosis/quote.js";
import type { LoggedLine } from "../diagnosis/symptom.js";
import type { Explanation, WrittenConfig } from "../diagnosis/written-config.js";
import type { ReadableFolder } from "../scenario/arm.js";
import type { ProxyKind } from "../scenario/proxy-kind.js";
import type { ProgramSpec, ProxyProgram } from "./program/program-spec.js";
import type { BackendAddress, ForetoldProxy, PreparedProxy } from "./proxy.js";
import type { ProxySigns } from "./signs.js";
import type { Variant } from "./variant.js";

export interface ProxyDriver {
  readonly kind: ProxyKind;
  /** As sentences call it: "HAProxy". */
  readonly title: string;
  readonly program: ProgramSpec;
  readonly settings: SettingSpec;
  /**
   * What the config alone tells of a run; nothing is started, and no program has to be there.
   * @throws ConfigRefusedError, UsageError
   */
  foretell(request: ConfigRequest): Promise<ForetoldProxy>;
  /**
   * Builds or adopts the config in a private folder and lets the proxy itself check it.
   * @throws ConfigRefusedError, UsageError, EnvironmentError
   */
  prepare(request: PrepareRequest): Promise<PreparedProxy>;
  /** Why it does not run a config, by what reading or preparing it threw; null for what is none of the config's. */
  explainRefusal(thrown: unknown): Explanation | null;
  /** What a line of its log says. */
  readLogLine(line: string): LoggedLine;
  /** Reads configs of users; null: `KIND:FILE` is refused with a sentence. */
  readonly configs: ConfigReader | null;
  /** Null: a gate refuses this kind, for it cannot wall it in. */
  readonly confinement: Confinement | null;
  /** For when it stands in front of a server that is only seen from outside. */
  readonly hints: ProxyHints;
  /** By what it is told from outside. */
  readonly signs: ProxySigns;
  /** What it takes of memory for a WebSocket that carries messages, as measured with the built-in config. */
  readonly memory: ConnectionMemory;
  /** Directives that a load needs, from what was measured. Null where nothing is known of them. */
  readonly plan: ((load: PlannedLoad) => readonly Quote[]) | null;
}

/** Slopes of exact memory (PSS) while 1,000 connections open, plus what they grow by once they carry messages. */
export interface ConnectionMemory {
  readonly kibibytes: number;
  /** With TLS in front. */
  readonly tlsKibibytes: number;
  /** Of which version, and on which day. */
  readonly measured: string;
}

/** Null for what it does without being told. */
export interface ProxyHints {
  /** Passes an upgrade on. */
  readonly upgrade: string | null;
  /** Passes Host on as it came. */
  readonly host: string | null;
  /** Keeps a quiet WebSocket for an hour. */
  readonly idle: string | null;
  /** Speaks TLS at a port. */
  readonly tls: string | null;
  /** From its own documents. */
  readonly idleDefaults: readonly { readonly seconds: number; readonly whose: string }[];
}

export type Settings = Readonly<Record<string, string>>;

export interface SettingSpec {
  /** For help, matrix axes, and "did you mean". */
  readonly names: readonly string[];
  /** @throws UsageError for a name or value that cannot be set; run by --dry-run as well */
  check(set: Settings): void;
}

/** Which config, and what it is to be made ready for. */
export interface ConfigRequest {
  readonly source:
    | { readonly kind: "built-in"; readonly set: Settings }
    | { readonly kind: "file"; readonly file: string };
  readonly backend: BackendAddress;
  /** Connections that the workload opens through it. */
  readonly connections: number;
  /** Path to ask for; null for what the config says itself. */
  readonly path: string | null;
  /** Which of a config's servers is to be measured, by name; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  /** The Host header that the user gave, or null. */
  readonly host: string | null;
  /** Passwords, address lists and the like: a measurement takes them out of the way, `probe` is there to find them. */
  readonly access: "kept" | "opened";
  readonly upstream: "ours" | "as-configured";
  /** A stranger's config: the folders it may be read from, and it reaches nothing else. Null: the user's own. */
  readonly confinedTo: readonly ReadableFolder[] | null;
  readonly variant: Variant | null;
  /** The container image whose program runs it; left out for this machine's. */
  readonly image?: string;
  /** Whether limits on how often a client may come are taken out: `probe` comes often, and tells of them by itself. */
  readonly liftsRates?: boolean;
  /** What clients will speak, which a built-in config then takes; 1 where it is left out. */
  readonly http?: 1 | 2;
  /** The run places the proxy on processors: what a config says of that gives way. */
  readonly isPlaced: boolean;
}

export interface PrepareRequest extends ConfigRequest {
  /** A private folder, already made, that lives as long as the run. */
  readonly folder: string;
  readonly guard: ProcessGuard;
  readonly signal: AbortSignal;
}

export interface ConfigQuestion {
  readonly path: string | null;
  readonly serverName: string | null;
  readonly confinedTo: readonly ReadableFolder[] | null;
  /** What will run it: defaults and conditions of a config go by version and build. Null where none was found. */
  readonly program: Pick<ProxyProgram, "version" | "build"> | null;
  /** Told every secret of it, for what is quoted of it goes without. */
  readonly found: Found;
}

export interface ConfigReader {
  /**
   * As its user wrote it; starts nothing.
   * @throws ConfigRefusedError with file:line, UsageError
   */
  read(file: string, question: ConfigQuestion): WrittenConfig;
  /** Every file that it names, for git refs and diffs. */
  namedFiles(file: string, settings: NamedFilesSettings): Promise<NamedFiles>;
  /** A text in its language without its secrets, on as many lines. @param found told every one */
  mask(text: string, found?: Found): string;
  readonly canVary: readonly Variant["kind"][];
}

export interface NamedFiles {
  /** Text of the config and of all that belongs to it, by path from the config's folder; the config itself is first. */
  readonly configs: ReadonlyMap<string, string>;
  /** The rest, likewise. */
  readonly others: ReadonlyMap<string, Buffer>;
}

export interface NamedFilesSettings {
  /** Other files are left alone. */
  readonly folders: readonly ReadableFolder[];
  /** Makes what a path or a pattern names be there, where files come from elsewhere. */
  readonly provide?: (pattern: string) => Promise<void>;
}

/** What a gate promises of a stranger's config of this kind, for docs and help. */
export interface Confinement {
  /** What is left out or replaced, and what is refused, a line each. */
  readonly rules: readonly string[];
}

/** What a capacity answer asks a config to carry. */
export interface PlannedLoad {
  readonly connections: number;
  /** How many are wanted of what the proxy carries connections with; at least one. */
  readonly workers: number;
  /** Ports from one address to one other; null where the system does not tell. */
  readonly ephemeralPorts: number | null;
  readonly config: WrittenConfig | null;
}
