/**
 * Holds a stranger's config to what is known to be harmless: a last look at what adoption left, by a list. What is not on
 * it is left out with a word, or refused with its place.
 */
import { isIP } from "node:net";
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { backendAuthorityFile } from "../adopt/adopt-tls.js";
import type { Adoption } from "../adopt/adoption.js";
import {
  type ConfigTree,
  directive,
  type Node,
  nodeText,
  type Path,
  rewrite,
  section,
  withArgs,
} from "../language/config-tree.js";
import { modulesOf } from "../language/directive-modules.js";
import { keptModules } from "../language/modules.js";
import { flagsOf } from "../route/rewrite-rules.js";
import { parseTarget } from "../route/target.js";
import { certificateFile, folderMark, keyFile } from "../run/template.js";

/** A thread's usual 8 MiB, mostly unused, would fill a gate's memory with 400 of them. */
const stackBytes = 262_144;

export function confineConfig(tree: ConfigTree, adoption: Adoption): Node[] {
  const held = rewrite(tree, (node, path) => confined(node, path, adoption));
  const hasStack = tree.some(({ key }) => key === "threadstacksize");
  const stack = hasStack ? [] : [directive("ThreadStackSize", String(stackBytes))];
  const wall = filesDenied(tree);
  const walled = held.map((node) =>
    node.key === "virtualhost" ? { ...node, block: [...(node.block ?? []), wall] } : node,
  );
  return [...stack, ...walled, wall];
}

/** What adoption made of addresses. */
const mark = "@wsrally-(?:backend-(?:\\d+|tls)|listen-\\d+)@";
const markedUrl = new RegExp(`^[a-z\\d+]+://${mark}(?:[/?]|$)`, "i");
/** A copy's name. */
const ownFile = new RegExp(`^(?:${folderMark}/)?kept-\\d+$`);

/** Functions and operators of expressions that look at files and at the environment. */
const readsFiles = /(?:^|[^\w])(?:file|filesize|osenv)\s*[(:]/i;
const testsFiles = /(?:^|[\s(!&|"'=])-[defslhxLFUA]\s+["'%(/\w]/;

/** Left where they stand, and of no use to a WebSocket. */
const openssl =
  /^(?:Curves|Groups|SignatureAlgorithms|ClientSignatureAlgorithms|Options|MinProtocol|MaxProtocol|Protocol|CipherString|Ciphersuites|NumTickets)$/i;

/** Who comes in; within a condition it would be asked after the wall. */
const access = /^(?:require\w*|satisfy|allow|deny|order|auth\w*)$/;

function confined(node: Node, path: Path, adoption: Adoption): readonly Node[] {
  const { key, args, name } = node;
  const leaveOut = (why: string): readonly Node[] => {
    adoption.note(`${name} was left out: ${why}`, node.place);
    return [];
  };
  if (access.test(key) && path.some((one) => /^(?:if|elseif|else)$/.test(one.key)))
    return leaveOut("within a condition it would undo what a gate denies");
  const owners = modulesOf(key);
  if (!owners.some((owner) => owner === "mpm" || keptModules.has(owner)))
    throw refusal(node, `what ${name} does is not known to be harmless`);
  if ([node.text, ...args].some((word) => readsFiles.test(word)))
    throw refusal(node, "an expression that may read files or variables");
  if (!key.startsWith("rewrite") && [node.text, ...args].some((word) => testsFiles.test(word)))
    throw refusal(node, "an expression that may look at files");
  if (/\bproxy:/i.test(node.text) && key !== "sethandler")
    throw refusal(node, "an address that cannot be replaced");
  switch (key) {
    case "listen":
      if (!new RegExp(`^${mark}$`).test(args[0] ?? ""))
        throw refusal(node, "an address that cannot be replaced");
      return [node];
    case "virtualhost":
      if (!args.every((word) => word === "*" || new RegExp(`^${mark}$`).test(word)))
        throw refusal(node, "an address that cannot be replaced");
      return [node];
    case "proxypass":
    case "proxypassmatch":
    case "balancermember":
    case "proxy":
    case "proxyset":
    case "sethandler":
    case "rewriterule":
      refuseUpstreams(withPath(node, path));
      return [node];
    case "rewritecond":
      refuseFileTests(node);
      return [node];
    case "require":
      if (/^(?:host|forward-dns)$/i.test(args.filter((word) => !/^not$/i.test(word))[0] ?? ""))
        return leaveOut("no name is looked up");
      return [node];
    case "allow":
    case "deny":
      return args.slice(1).every((word) => /^all$|^env=/i.test(word) || isNetwork(word))
        ? [node]
        : leaveOut("no name is looked up");
    case "remoteiptrustedproxy":
    case "remoteipinternalproxy":
      if (!args.every(isNetwork)) throw refusal(node, "a name would be looked up");
      return [node];
    case "authuserfile":
    case "authgroupfile":
    case "remoteiptrustedproxylist":
    case "remoteipinternalproxylist":
      if (!ownFile.test(args[0] ?? "")) throw refusal(node, "a file that cannot be read");
      return [node];
    case "rewritemap":
      if (!/^int:/.test(args[1] ?? "") && !ownFile.test((args[1] ?? "").replace(/^(?:txt|rnd):/, "")))
        throw refusal(node, "a file that cannot be read");
      return [node];
    case "documentroot":
      if (!args[0]?.startsWith(`${folderMark}/root-`))
        throw refusal(node, "a folder that cannot be replaced");
      return [node];
    case "sslopensslconfcmd":
      return openssl.test(args[0] ?? "") ? [node] : leaveOut("it may name files or engines");
    default:
      return isForeignFile(node) ? leaveOut("its files are its machine's") : [node];
  }
}

/** Of TLS, whose files are the run's own by now. */
function isForeignFile({ key, args }: Node): boolean {
  if (!/^ssl.*(?:file|path)$/.test(key)) return false;
  return ![certificateFile, keyFile, backendAuthorityFile].includes(args[0] ?? "");
}

const filledPath = new RegExp(`^([a-z\\d+]+://${mark})(?:%\\{REQUEST_URI\\}|\\$1)`, "i");
/** Of patterns whose first group begins with the path's slash, of a server's own rules. */
const wholePath = /^\^?\((?:\/|\.\*\)\$?$)/;

/** A rule whose target ends in the path, with its slash: nothing that is filled in there is an address. */
function withPath(node: Node, path: Path): Node {
  const [pattern = "", target = ""] = node.args;
  const isServers = path.every(({ key }) => key === "virtualhost");
  const isWhole = target.includes("%{REQUEST_URI}") || (isServers && wholePath.test(pattern));
  if (node.key !== "rewriterule" || !isWhole) return node;
  return withArgs(node, node.args.with(1, target.replace(filledPath, "$1/")));
}

/** Whatever would be asked is wsrally's, or a balancer of the config. */
function refuseUpstreams(node: Node): void {
  const { key, args } = node;
  const isOwn = (url: string): boolean =>
    url === "!" || /^balancer:\/\/[\w.-]+(?:[/?]|$)/i.test(url) || markedUrl.test(url);
  const urls = urlsOf(node);
  if (urls.every(isOwn)) return;
  if (
    key === "rewriterule" ||
    key === "proxypass" ||
    key === "proxypassmatch" ||
    parseTarget(args[0] ?? "") !== null ||
    key === "sethandler" ||
    key === "balancermember"
  )
    throw refusal(node, "an address that cannot be replaced");
}

function urlsOf(node: Node): readonly string[] {
  const { key, args } = node;
  const [first = "", second = ""] = args;
  switch (key) {
    case "rewriterule": {
      const flags = flagsOf(node);
      if (/proxy/i.test(flags.get("H") ?? "")) return ["H"];
      return flags.has("P") ? [second] : [];
    }
    case "sethandler":
      return /^proxy:/i.test(first) ? [first.slice(6)] : /:\/\/|\|/.test(first) ? [first] : [];
    case "proxypass":
    case "proxypassmatch":
      return [second === "" || (second.includes("=") && !first.startsWith("/")) ? first : second];
    case "balancermember":
      return args.filter((word) => /:\/\/|\|/.test(word) || word.startsWith("unix:")).slice(0, 2);
    default:
      return parseTarget(first) === null ? [] : [first];
  }
}

/** `RewriteCond /etc/shadow -f` tells whether a file is there. */
function refuseFileTests(node: Node): void {
  const [test = "", pattern = ""] = node.args;
  const isTest = /^!?-[defslhxLFU]$/.test(pattern);
  const isExpression = test.toLowerCase() === "expr" && testsFiles.test(pattern);
  if (isExpression || (isTest && (test.includes("..") || !test.startsWith("%{"))))
    throw refusal(node, "a condition that may look at files");
}

/** A server-wide rule may make a file of the machine of a path: nothing but what is passed on, or in an empty folder. */
function filesDenied(tree: ConfigTree): Node {
  const inFolder = `! (%{REQUEST_FILENAME} =~ m#^(?:proxy:|balancer:|redirect:|${folderMark}/)#)`;
  return section(
    "If",
    [inFolder],
    [
      directive("Require", "all", "denied"),
      ...(hasLine(tree, "satisfy") ? [directive("Satisfy", "All")] : []),
    ],
  );
}

function hasLine(tree: ConfigTree, key: string): boolean {
  return tree.some((node) => node.key === key || hasLine(node.block ?? [], key));
}

/** "10.0.0.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "10.1". */
function isNetwork(text: string): boolean {
  const [address = "", mask, ...more] = text.split("/");
  const isAddress = isIP(address) !== 0 || /^\d{1,3}(?:\.\d{1,3}){0,3}\.?$/.test(address);
  return isAddress && more.length === 0 && (mask === undefined || /^\d{1,3}$/.test(mask) || isIP(mask) === 4);
}

function refusal(node: Node, words: string): UsageError {
  const text = nodeText(node);
  return new UsageError(
    `Cannot adopt ${placeWords(node.place)}: ${words}, and a gate takes a config for a stranger's; take it out ` +
      `(\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\`)`,
  );
}
