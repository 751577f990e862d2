/**
 * What ties a config to its machine as a whole: users, files and sockets of the global section, sections that no WebSocket
 * goes through, and logs, in whose place wsrally's own stands.
 */
import {
  type ConfigLine,
  type ConfigTree,
  isFrontend,
  isProxy,
  line,
  rewriteLines,
  type Section,
  sectionText,
  startsWith,
} from "../language/config-tree.js";
import { modeOf } from "../language/effective.js";
import { ownLog } from "../run/template.js";
import type { Adoption } from "./adoption.js";

const byUser = "HAProxy runs as an unprivileged user in a private folder";
const byPlacement = "the run gives the proxy its processors, and `cpus: none` in a scenario keeps it";
const bySocket = "nobody asks this copy for its state";
const byStart = "wsrally starts and stops it";

/** Keywords of the global section that a private copy does without. */
const leftOut: ReadonlyMap<string, string> = new Map([
  ...["user", "group", "uid", "gid", "chroot", "setcap"].map((name) => [name, byUser] as const),
  ...["daemon", "pidfile", "master-worker", "quiet", "debug", "zero-warning", "node", "description"].map(
    (name) => [name, byStart] as const,
  ),
  ...["cpu-map", "cpu-set", "cpu-policy", "numa-cpu-mapping"].map((name) => [name, byPlacement] as const),
  ...["stats", "unix-bind", "server-state-base", "server-state-file", "expose-fd"].map(
    (name) => [name, bySocket] as const,
  ),
  ...["ca-base", "crt-base", "key-base", "default-path", "issuers-chain-path", "ssl-load-extra-files"].map(
    (name) => [name, "files are copies in the private folder"] as const,
  ),
  ...["log-send-hostname", "log-tag"].map((name) => [name, "the log is wsrally's"] as const),
  ...["localpeer", "external-check", "insecure-fork-wanted", "insecure-setuid-wanted"].map(
    (name) => [name, "no program of the config runs"] as const,
  ),
  ...["51degrees-data-file", "deviceatlas-json-file", "wurfl-data-file"].map(
    (name) => [name, "it names a file of its machine"] as const,
  ),
]);

/** Sections that no WebSocket goes through. */
const leftOutSections: ReadonlyMap<string, string> = new Map([
  ["program", "no program of the config runs"],
  ["peers", "this copy tells nobody of its tables"],
  ["mailers", "no mail is sent"],
  ["ring", "the log is wsrally's"],
  ["log-forward", "the log is wsrally's"],
  ["log-profile", "the log is wsrally's"],
  ["traces", "the log is wsrally's"],
  ["crt-store", "the certificate is the run's own"],
  ["acme", "the certificate is the run's own"],
]);

export function adoptGlobal(tree: ConfigTree, adoption: Adoption): Section[] {
  const kept = tree.filter((section) => {
    const why = leftOutSections.get(section.kind);
    const isTables = section.kind === "peers" && section.lines.some(({ name }) => name === "table");
    const isUnasked = section.kind === "resolvers" && !adoption.keepsUpstream && !asksResolvers(tree);
    if ((why === undefined || isTables) && !isUnasked) return true;
    adoption.note(
      `\`${sectionText(section)}\` was left out: ${why ?? "the servers are wsrally's backend"}`,
      section.place,
    );
    return false;
  });
  const adopted = rewriteLines(kept, (one, section) => {
    const why = section.kind === "global" ? leftOut.get(one.name) : undefined;
    if (why === undefined || (why === byPlacement && !adoption.isPlaced)) return [one];
    adoption.note(`${one.name} was left out: ${why}`, one.place);
    return [];
  });
  return withLogs(withoutPeers(adopted, adoption), adoption);
}

function asksResolvers(tree: ConfigTree): boolean {
  return tree.some(({ lines }) =>
    lines.some(({ args }) => args.some((word) => word.startsWith("do-resolve"))),
  );
}

/** A table that is told to peers becomes one of its own. */
function withoutPeers(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (one, section) => {
    if (section.kind === "peers" && one.name !== "table") return [];
    const at = one.name === "stick-table" ? one.args.indexOf("peers") : -1;
    if (at === -1) return [one];
    adoption.note("`peers` was left out of a stick-table: this copy tells nobody of it", one.place);
    return [{ ...one, source: null, args: [...one.args.slice(0, at), ...one.args.slice(at + 2)] }];
  });
}

const logOptions = new Set([
  "httplog",
  "httpslog",
  "tcplog",
  "dontlognull",
  "dontlog-normal",
  "logasap",
  "log-separate-errors",
]);
const logKeywords = new Set([
  "log",
  "log-format",
  "log-format-sd",
  "error-log-format",
  "log-tag",
  "log-steps",
]);

/** Every proxy section says for itself where and how it logs, whatever its defaults are. */
function withLogs(tree: ConfigTree, adoption: Adoption): Section[] {
  const isLog = ({ name, args }: ConfigLine): boolean =>
    logKeywords.has(name) || (name === "option" && logOptions.has(args[0] ?? ""));
  const without = rewriteLines(tree, (one, section) => {
    const holds = section.kind === "global" || section.kind === "defaults" || isProxy(section);
    if (!holds || !isLog(one)) return [one];
    if (one.name !== "option") adoption.note("Logs go to a file of wsrally's, in its own form", one.place);
    return [];
  });
  const quiet = adoption.keepsAccess ? [] : [line("option", "dontlog-normal")];
  const own = (section: Section): ConfigLine[] => {
    if (!isProxy(section)) return [];
    const { mode } = modeOf(section, without);
    const form = line("option", mode === "http" ? "httplog" : "tcplog");
    return [
      line("log", "global"),
      ...(isFrontend(section) ? [form, line("option", "dontlognull"), ...quiet] : []),
    ];
  };
  const logged = without.map((section) => ({ ...section, lines: [...section.lines, ...own(section)] }));
  return withGlobalLog(logged);
}

function withGlobalLog(tree: readonly Section[]): Section[] {
  const at = tree.findIndex(({ kind }) => kind === "global");
  // Asked for more than it may have, HAProxy is to go on with what it gets: the config is another machine's.
  const added = [ownLog, { ...line("strict-limits"), negated: true }];
  if (at !== -1)
    return tree.map((section, index) =>
      index === at
        ? {
            ...section,
            lines: [...added, ...section.lines.filter((one) => !startsWith(one, ["strict-limits"]))],
          }
        : section,
    );
  return [{ kind: "global", name: null, from: null, args: [], lines: added, place: null }, ...tree];
}
