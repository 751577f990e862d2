/**
 * A stranger's config, once it is adopted: nothing is left in it that names a file or a host of this machine or another
 * one. What is not known to be harmless is left out with a note, or refused with its place.
 */
import { UsageError } from "../../../base/errors.js";
import { meantWords } from "../../../base/nearest-name.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { certificateFile } from "../adopt/adopt-binds.js";
import { backendAuthorityFile } from "../adopt/adopt-servers.js";
import type { Adoption } from "../adopt/adoption.js";
import {
  type ConfigLine,
  type ConfigTree,
  isProxy,
  lineText,
  type Section,
  sectionText,
} from "../language/config-tree.js";
import { splitCondition } from "../route/condition.js";
import {
  dangerousOptions,
  harmless,
  harmlessActions,
  harmlessFilters,
  harmlessInProxies,
  harmlessStats,
  leftOut,
  textCalls,
} from "./confined-words.js";
import { refuseExcessive } from "./excess.js";
import { withoutLookUps } from "./without-look-ups.js";

/** @throws UsageError for what may reach out of the private folder */
export function confineConfig(tree: ConfigTree, adoption: Adoption): Section[] {
  return tree.flatMap((section) => {
    const isKnown = section.kind === "defaults" || isProxy(section) || harmless[section.kind] !== undefined;
    if (!isKnown) {
      adoption.note(`\`${sectionText(section)}\` was left out: a gate does without it`, section.place);
      return [];
    }
    const lines = section.lines.flatMap((line) => confined(line, section, adoption));
    return [{ ...section, lines }];
  });
}

function confined(line: ConfigLine, section: Section, adoption: Adoption): ConfigLine[] {
  // wsrally's own lines are as they should be.
  if (line.place === null) return [line];
  const { name } = line;
  const why = leftOut.get(name);
  if (why !== undefined) return dropped(line, why, adoption);
  const known = harmless[section.kind] ?? harmlessInProxies;
  const isTuning = section.kind === "global" && /^(?:tune|harden)\.(?!lua)/.test(name);
  if (!known.has(name) && !isTuning) {
    const words = `what ${name} does in a ${section.kind} section is not known to be harmless`;
    throw refusal(line, `${words}${meantWords(name, [...known, ...leftOut.keys()])}`);
  }
  refuseExcessive(line, (words) => refusal(line, words));
  refuseFiles(line);
  if (isTuning && !line.args.every((word) => /^[\w.,-]*$/.test(word)))
    throw refusal(line, `${name} has more than plain words`);
  return confinedInProxy(
    withoutLookUps(line, (words) => refusal(line, words)),
    adoption,
  );
}

function confinedInProxy(line: ConfigLine, adoption: Adoption): ConfigLine[] {
  const { name, args } = line;
  const [first = ""] = args;
  switch (name) {
    case "bind":
      return [withMark(line, 0, /^@wsrally-listen-\d+@$/)];
    case "server":
      return [withMark(line, 1, ownAddress)];
    case "server-template":
      return [withMark(line, 2, ownAddress)];
    case "dispatch":
      return [withMark(line, 0, ownAddress)];
    case "option":
      if (dangerousOptions.has(first)) throw refusal(line, `\`option ${first}\` leads requests elsewhere`);
      return [line];
    case "filter":
      if (harmlessFilters.has(first)) return [line];
      throw refusal(line, `what \`filter ${first}\` does is not known to be harmless`);
    case "stats":
      return harmlessStats.has(first) ? [line] : dropped(line, "no WebSocket needs it", adoption);
    case "http-request":
    case "http-response":
    case "http-after-response":
    case "tcp-request":
    case "tcp-response":
      return confinedRule(line, adoption);
    default:
      return [line];
  }
}

const ownAddress = /^@wsrally-(?:backend-\d+|backend-tls|listen-\d+)@$/;

function withMark(line: ConfigLine, at: number, wanted: RegExp): ConfigLine {
  if (wanted.test(line.args[at] ?? "")) return line;
  throw refusal(
    line,
    `\`${line.name} ${shortened(line.args[at] ?? "")}\` is no address that wsrally knows how to replace`,
  );
}

function confinedRule(line: ConfigLine, adoption: Adoption): ConfigLine[] {
  const { words } = splitCondition(line.args);
  const isLayered = line.name.startsWith("tcp-") && /^(?:connection|session|content)$/.test(words[0] ?? "");
  const action = (words[isLayered ? 1 : 0] ?? "").replace(/\(.*$/s, "");
  if (action === "use-service" && words.includes("prometheus-exporter"))
    return dropped(line, "nobody asks this copy for its state", adoption);
  if (harmlessActions.has(action)) return [line];
  throw refusal(line, `what \`${line.name} ${action}\` does is not known to be harmless`);
}

/** Words that a file stands behind. */
const before = /^(?:-f|-M|file|lf-file|errorfile|ca-file|ca-verify-file|crl-file|crt|crt-list)$/;
const ownFile = /^kept-\d+$/;

/** What names a file names a copy of wsrally's by now, or it was out of reach, or not there. */
function refuseFiles(line: ConfigLine): void {
  const { name, args } = line;
  const given = args.filter(
    (_, at) => before.test(args[at - 1] ?? "") && !(args[at - 1] === "-M" && args[at] === "-f"),
  );
  if (name === "errorfile") given.push(args[1] ?? "");
  if (name === "ssl-dh-param-file" || name === "h1-case-adjust-file") given.push(args[0] ?? "");
  const isText = name === "acl" || /^(?:use_backend|use-server|redirect)$/.test(name);
  for (const word of given) {
    const isOwn =
      ownFile.test(word) || word === certificateFile || word === backendAuthorityFile || word === "/dev/null";
    if (!isOwn && !(isText && !word.includes("/") && !args.includes("-f")))
      throw refusal(line, `the file ${shortened(word)} cannot be read`);
  }
  for (const word of args) refuseCalls(word, line);
}

/** `jwt_verify(alg,/etc/key)`, `map(/etc/x)`: a call with a path is refused unless it is known to take texts. */
function refuseCalls(word: string, line: ConfigLine): void {
  for (const [, call = "", inner = ""] of word.matchAll(/([\w.-]+)\(([^()]*)/g)) {
    const parts = inner.split(",").map((part) => part.trim().replace(/^["']/, ""));
    if (/^(?:map\w*|set-map|del-map|add-acl|del-acl)$/.test(call) && !ownFile.test(parts[0] ?? ""))
      throw refusal(line, `the file ${shortened(parts[0] ?? "")} cannot be read`);
    if (!textCalls.test(call) && parts.some((part) => /^\.{0,2}\//.test(part)))
      throw refusal(line, `${call}(…) may name a file`);
  }
}

function dropped(line: ConfigLine, why: string, adoption: Adoption): ConfigLine[] {
  adoption.note(`${line.name} was left out: ${why}`, line.place);
  return [];
}

function shortened(word: string): string {
  return word.length > 80 ? `${word.slice(0, 80)}…` : word;
}

function refusal(line: ConfigLine, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(line.place)}: ${words}, and a gate takes a config for a stranger's; take it out ` +
      `(\`${shortened(lineText(line))}\`)`,
  );
}
