/**
 * Names of hosts that HAProxy would look up when it reads a user's own config, of whom no measurement has any: clients come from
 * loopback, and whom else a condition knows changes nothing for them. A stranger's config is refused for them elsewhere.
 */
import { criteriaIn, isNetwork, patternsBehind } from "../language/address-patterns.js";
import {
  type ConfigLine,
  type ConfigTree,
  lineText,
  rewriteLines,
  type Section,
  withArgs,
} from "../language/config-tree.js";
import { parseAddress } from "../route/addresses.js";
import { parseExpression } from "../route/expression.js";
import type { Adoption } from "./adoption.js";

/** Of TEST-NET-1 (RFC 5737), which nobody has. */
const nobody = "192.0.2.1";
const why = "no name is looked up for a measurement";

export function adoptNames(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line) => {
    if (adoption.confinedTo !== null) return [line];
    if (line.name === "monitor-net" || line.name === "nameserver") return withoutNamed(line, adoption);
    if (line.name === "option") return [withoutException(line, adoption)];
    return [withoutPatterns(line, adoption)];
  });
}

/** Where a line names files of patterns that are addresses. */
export function addressFilesIn({ args, ...line }: ConfigLine): number[] {
  return addressCriteriaOf({ args, ...line }).flatMap((criterion) => patternsBehind(args, criterion).filesAt);
}

/** The patterns of a file that are addresses. */
export function withoutNames(text: string): string {
  const isName = (pattern: string): boolean =>
    pattern !== "" && !pattern.startsWith("#") && !isNetwork(pattern);
  return text
    .split("\n")
    .filter((one) => !isName(one.trim()))
    .join("\n");
}

function withoutPatterns(line: ConfigLine, { note }: Adoption): ConfigLine {
  const { args } = line;
  const names = addressCriteriaOf(line)
    .flatMap((criterion) => patternsBehind(args, criterion).at)
    .filter((at) => !isNetwork(args[at] as string));
  if (names.length === 0) return line;
  const said = names.map((at) => (args[at] as string).slice(0, 80)).join(" ");
  note(`\`${said}\` is ${nobody} here, which nobody has: ${why}`, line.place);
  return withArgs(
    line,
    args.map((word, at) => (names.includes(at) ? nobody : word)),
  );
}

function withoutException(line: ConfigLine, { note }: Adoption): ConfigLine {
  const { args } = line;
  const at = args.indexOf("except");
  const name = args[at + 1];
  if (
    !/^(?:forwardfor|originalto)$/.test(args[0] ?? "") ||
    at === -1 ||
    name === undefined ||
    isNetwork(name)
  )
    return line;
  note(`\`except ${name.slice(0, 80)}\` was left out: ${why}`, line.place);
  return withArgs(line, [...args.slice(0, at), ...args.slice(at + 2)]);
}

function withoutNamed(line: ConfigLine, { note }: Adoption): ConfigLine[] {
  const host = line.name === "nameserver" ? hostOf(line.args[1] ?? "") : (line.args[0] ?? "");
  if (host === null || isNetwork(host)) return [line];
  note(`\`${lineText(line).slice(0, 120)}\` was left out: ${why}`, line.place);
  return [];
}

/** Of a name server's address, whatever it is asked over; null for a socket of the machine's. */
function hostOf(address: string): string | null {
  const { kind, host } = parseAddress(address.replace(/^(?:udp|tcp)\d?@/, ""));
  return kind === "tcp" ? host : null;
}

function addressCriteriaOf(line: ConfigLine): number[] {
  return criteriaIn(line).filter((criterion) => {
    const { method } = patternsBehind(line.args, criterion);
    return method === null ? givesAddress(line.args[criterion] ?? "") : method === "ip";
  });
}

/** Whether a sample is an address when its last converter has had it. */
function givesAddress(text: string): boolean {
  const expression = parseExpression(text);
  const last = expression?.converters.at(-1);
  if (last !== undefined) return last.name === "ipmask" || /^map_\w+_ip$/.test(last.name);
  return /^(?:\w+[._])?(?:src|dst)$|(?:^|[._])(?:hdr|url)_ip$/.test(expression?.fetch.name ?? "");
}
