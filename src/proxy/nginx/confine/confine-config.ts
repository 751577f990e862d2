/**
 * A stranger's config, once it is adopted: nothing is left in it that names a file or a host of this machine or
 * another one. What is not known to be harmless is left out with a note, or refused with its place.
 */
import { UsageError } from "../../../base/errors.js";
import type { Adoption } from "../adopt/adoption.js";
import { familyOfDirective } from "../adopt/module-families.js";
import { type Directive, directive, type Path, placeOf, rewrite, walk } from "../language/nginx-tree.js";
import { passAddress } from "../language/pass-url.js";
import { marks } from "../run/config-marks.js";
import { excessiveSize, isHarmless, leftOut, tlsCommands } from "./confined-words.js";

/** A folder that is never made: no path through it leads anywhere, `..` included (path_resolution(7)). */
export const noFiles = "no-files";

/** More than any config has use for on the machine of a gate. */
const most = { directives: 50_000, listens: 256, workers: 64, connections: 1_048_576 };

/**
 * Before anything is done with it: a config must not keep wsrally busy, nor know its marks.
 * @throws UsageError
 */
export function refuseExcess(tree: readonly Directive[]): void {
  let directives = 0;
  let listens = 0;
  for (const { node } of walk(tree)) {
    directives += 1 + (node.block?.length ?? 0);
    if (node.name === "listen") listens++;
    if (directives > most.directives) throw tooMuch(node, `more than ${most.directives} directives`);
    if (listens > most.listens) throw tooMuch(node, `more than ${most.listens} listens`);
    const words = [node.name, ...node.args];
    const isMark = (word: string): boolean => /[$<{'@]wsrally[-_]/.test(word);
    const dataMark = (node.block ?? []).some(({ name, args }) => [name, ...args].some(isMark));
    if (words.some(isMark) || dataMark) throw refusal(node, `${node.name} uses a name that is wsrally's own`);
  }
  const workers = numberOf(tree, "worker_processes");
  if (workers.value > most.workers) throw tooMuch(workers.node, `more than ${most.workers} workers`);
  const events = tree.find(({ name }) => name === "events")?.block ?? [];
  const connections = numberOf(events, "worker_connections");
  if (workers.value * connections.value > most.connections)
    throw tooMuch(connections.node, `more than ${most.connections} connections in all workers`);
}

/** Of the last one; 1 where there is none, or none with a number. */
function numberOf(block: readonly Directive[], name: string): { node: Directive; value: number } {
  const node = block.findLast((one) => one.name === name) ?? directive(name);
  const value = Number(node.args[0]);
  return { node, value: Number.isFinite(value) ? value : 1 };
}

/** @throws UsageError for a directive that may reach out of the private folder */
export function confineConfig(tree: readonly Directive[], adoption: Adoption): Directive[] {
  const groups = new Set(
    [...walk(tree)].flatMap(({ node }) => (node.name === "upstream" ? (node.args[0] ?? []) : [])),
  );
  return rewrite(tree, (node, path) => {
    // wsrally's own lines are as they should be; blocks of its own hold the user's.
    if (node.name === "http" && path.length === 0) return [withoutFiles(node)];
    if (node.origin === null) return [node];
    return confined(node, path, { groups, adoption });
  });
}

/** nginx's own default, `html` in the prefix, is no better than any other folder. */
function withoutFiles(http: Directive): Directive {
  const own = (http.block ?? []).some(({ name }) => name === "root");
  return own ? http : { ...http, block: [directive("root", noFiles), ...(http.block ?? [])] };
}

interface Surroundings {
  readonly groups: ReadonlySet<string>;
  readonly adoption: Adoption;
}

function confined(node: Directive, path: Path, { groups, adoption }: Surroundings): Directive[] {
  const { name, args, block, origin } = node;
  const reason = leftOut.get(name);
  if (reason !== undefined) {
    adoption.note(`${name} was left out: ${reason}`, origin);
    return [];
  }
  if ((name === "root" || name === "alias") && block === null && args.length === 1) {
    adoption.note(`${name} is a folder without files: a gate serves none of this machine's`, origin);
    return [{ ...node, args: [noFiles] }];
  }
  const size = excessiveSize(name, args);
  if (size !== null) throw tooMuch(node, `${name} ${size}`);
  if (name === "if" && fileTest.test(args.join(" "))) return [withoutFile(node, adoption)];
  if (/_ssl_conf_command$|^ssl_conf_command$/.test(name)) return [tlsCommand(node)];
  if (name === "listen") return [withAddress(node, marks.isListen)];
  if (/_pass$/.test(name)) return [withTarget(node, groups)];
  if (name === "server" && path.at(-1)?.name === "upstream") return [withAddress(node, isMember)];
  if (isHarmless(name, args, block !== null)) return [node];
  const family = familyOfDirective(name);
  if (family === null)
    throw refusal(
      node,
      `what ${name} does with ${shortened(args[0] ?? "its block")} is not known to be harmless`,
    );
  adoption.note(`${name} was left out: a gate does without the ${family.module} module`, origin);
  return [];
}

const own: ReadonlySet<string> = new Set([
  marks.backend,
  marks.backendTls,
  marks.backendVariable,
  marks.backendTlsVariable,
  marks.backendGroup,
]);

/** wsrally's backend, or where the config's own servers listen. */
function isMember(address: string): boolean {
  return address === marks.backend || address === marks.backendTls || marks.isListen(address);
}

function withAddress(node: Directive, isWanted: (address: string) => boolean): Directive {
  if (isWanted(node.args[0] ?? "")) return node;
  throw refusal(
    node,
    `\`${node.name} ${shortened(node.args[0] ?? "")}\` is no address that wsrally knows how to replace`,
  );
}

/** wsrally's backend or a server of the config, or an upstream of the config, whose members are all one of these. */
function withTarget(node: Directive, groups: ReadonlySet<string>): Directive {
  const address = passAddress(node);
  if (own.has(address) || marks.isListen(address) || groups.has(address)) return node;
  const written = shortened((node.args[0] ?? "").replace(/@wsrally-[a-z0-9-]+@/g, "HOST:PORT"));
  const [, behind] = /HOST:PORT(\$\w+)/.exec(written) ?? [];
  throw refusal(
    node,
    behind === undefined
      ? `\`${node.name} ${written}\` is no address that wsrally knows how to replace`
      : // `rewrite` makes of $uri what it likes.
        `\`${node.name} ${written}\` could lead elsewhere by what ${behind} begins with, unless a / stands before it`,
  );
}

/** As nginx tells one from other conditions: `(-f`, or `(` and `-f`, with or without `!`. */
const fileTest = /^\(?\s*(!?-[fdex])(?=\s|$)/;

/**
 * Asked of the folder that is never made, it finds nothing. Any path of the config's own would let the verdict tell
 * whether a file is there: `$realpath_root`, too, is empty where the folder is missing.
 */
function withoutFile(node: Directive, adoption: Adoption): Directive {
  const [, test = ""] = fileTest.exec(node.args.join(" ")) ?? [];
  adoption.note(`if (${test} …) finds nothing: a gate looks for no file of this machine`, node.origin);
  return { ...node, args: [`(${test}`, "$document_root)"] };
}

function tlsCommand(node: Directive): Directive {
  const [command = ""] = node.args;
  if (tlsCommands.has(command.toLowerCase())) return node;
  throw refusal(node, `${node.name} ${shortened(command)} may name a file`);
}

function shortened(word: string): string {
  return word.length > 80 ? `${word.slice(0, 80)}…` : word;
}

function refusal({ origin }: Directive, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeOf(origin)}: ${words}, and a gate takes a config for a stranger's; take it out`,
  );
}

function tooMuch({ origin }: Directive, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeOf(origin)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
