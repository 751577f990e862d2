/**
 * The built-in Apache config: a plain reverse proxy for WebSockets with the event MPM, with `--set` variants applied. Paths
 * are relative to the private folder; addresses and the folder of modules are marks that a start fills in.
 */
import { addressMarks, backendMark } from "../../instance/address-marks.js";
import type { Leaf } from "../../run-certificate.js";
import { type ApacheSettings, parseApacheSettings } from "./settings.js";

export const certificateFile = "run.crt";
export const keyFile = "run.key";

export function certificateFiles({ certificatePem, keyPem }: Leaf): Map<string, string> {
  return new Map([
    [certificateFile, certificatePem],
    [keyFile, keyPem],
  ]);
}
/** What it says, in its own words and in those of its modules. */
export const logFile = "apache.log";

/** Connections to both sides. */
export const filesPerConnection = 2;
/** Of a child: listener, pipes, epoll, log and shared memory. */
export const ownFiles = 24;

/** The private folder, where only a whole path will do. */
export const folderMark = "@wsrally-folder@";
/** Where the modules lie on this machine. */
export const modulesMark = "@wsrally-modules@";

/** Of every Apache that wsrally runs: files in the private folder, and a log without what differs from run to run. */
export const ownLines: readonly (readonly [name: string, value: string])[] = [
  ["DefaultRuntimeDir", "."],
  ["PidFile", "apache.pid"],
  // Only root's children become somebody else.
  ["User", "#65534"],
  ["Group", "#65534"],
  ["Mutex", "pthread"],
  ["ErrorLog", logFile],
  ["ErrorLogFormat", '"[%l] [pid %P] %M"'],
];

/** Some builds have one or the other of them in the program itself. */
const modules = [
  ...["mpm_event", "unixd", "authz_core", "proxy", "proxy_http"],
  ...["slotmem_shm", "proxy_balancer", "lbmethod_byrequests"],
];

/** Threads of one child process: beyond it another child is the better one. */
const threadsAChild = 1000;

/**
 * In what children, and with how many threads in each, there is room for so many WebSockets, a thread each; for as many as
 * were set where that was done. Apache itself takes whole children only.
 */
export function sizeFor(
  connections: number,
  settings: ApacheSettings,
): { readonly threads: number; readonly children: number } {
  const set = settings.at("mpm");
  // Those of clients that come back before the old ones are gone, and of handshakes that fail.
  const wanted = Number(set.get("MaxRequestWorkers") ?? Math.ceil(connections * 1.1) + 25) || 1;
  const threads = Number(set.get("ThreadsPerChild")) || Math.ceil(wanted / Math.ceil(wanted / threadsAChild));
  const count = set.has("MaxRequestWorkers") ? Math.floor(wanted / threads) : Math.ceil(wanted / threads);
  return { threads, children: Math.max(1, count) };
}

/**
 * @param connections that the workload opens
 * @param backendPorts of wsrally's backend: a member each, so that none runs out of Apache's local ports
 * @param http what clients speak
 */
export function builtInConfig(
  settings: ApacheSettings,
  connections: number,
  backendPorts: number,
  http: 1 | 2 = 1,
): string {
  const { tls } = settings;
  const lines = [
    "ServerName wsrally",
    ...ownLines.map((words) => words.join(" ")),
    ...[...modules, ...(tls ? ["ssl"] : []), ...(http === 2 ? ["http2"] : [])].flatMap(loadModule),
    "LogLevel notice",
    `Listen ${addressMarks.listen(0)}`,
    ...directives(mpm(connections, settings), settings.at("mpm")),
    ...directives({ Timeout: "3600", ProxyPreserveHost: "On" }, settings.at("server")),
    ...(http === 2 ? http2Lines(connections, settings) : []),
    ...(tls
      ? [
          "SSLEngine On",
          `SSLCertificateFile ${certificateFile}`,
          `SSLCertificateKeyFile ${keyFile}`,
          "SSLSessionCache none",
          ...directives({}, settings.at("tls-server")),
        ]
      : []),
    "<Proxy balancer://backend>",
    ...Array.from({ length: backendPorts }, (_, index) => member(index, settings)),
    "</Proxy>",
    "ProxyPass / balancer://backend/",
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * mod_http2 works on six requests of a connection at once, whatever H2MaxWorkers and H2MaxSessionStreams are, and on more only
 * after some have ended, which WebSockets do not (measured with 2.4.71): so many are announced. Each holds a worker.
 */
const streamsCarried = 6;

function http2Lines(connections: number, settings: ApacheSettings): string[] {
  const { threads, children } = sizeFor(connections, settings);
  return [
    `Protocols ${settings.tls ? "h2" : "h2c"} http/1.1`,
    "H2WebSockets on",
    `H2MaxSessionStreams ${streamsCarried}`,
    `H2MaxWorkers ${threads * children}`,
  ];
}

function loadModule(name: string): string[] {
  return [
    `<IfModule !${name}_module>`,
    `LoadModule ${name}_module ${modulesMark}/mod_${name}.so`,
    "</IfModule>",
  ];
}

/** All threads from the start: an opening that waits for children to be made would be theirs to measure. */
function mpm(connections: number, settings: ApacheSettings): Readonly<Record<string, string>> {
  const { threads, children } = sizeFor(connections, settings);
  const all = String(threads * children);
  return {
    ListenBacklog: "65535",
    // Children that end after a reload keep their places as long as their WebSockets last.
    ServerLimit: String(children * 2 + 1),
    ThreadLimit: String(threads),
    ThreadsPerChild: String(threads),
    StartServers: String(children),
    MaxRequestWorkers: all,
    MinSpareThreads: "1",
    MaxSpareThreads: all,
  };
}

/** Room for so many WebSockets, where a config says nothing of it. */
export function roomFor(connections: number): readonly (readonly [name: string, value: string])[] {
  return Object.entries(mpm(connections, parseApacheSettings({})));
}

function directives(usual: Readonly<Record<string, string>>, set: ReadonlyMap<string, string>): string[] {
  return Object.entries({ ...usual, ...Object.fromEntries(set) }).map(([name, value]) => `${name} ${value}`);
}

/** A backend that was away for once is tried again at once. */
function member(index: number, settings: ApacheSettings): string {
  const parameters = { upgrade: "websocket", retry: "0", ...Object.fromEntries(settings.at("member")) };
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `BalancerMember http://${backendMark(index)} ${words.join(" ")}`;
}
