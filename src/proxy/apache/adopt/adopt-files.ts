/**
 * Files and folders that lines of a config name: copies in the private folder, or empty folders of it.
 */
import { type ConfigTree, type Node, rewrite, withArgs } from "../language/config-tree.js";
import { folderMark } from "../run/template.js";
import type { Adoption } from "./adoption.js";

/** Of each DocumentRoot: nobody's files are shown, and its Directory sections hold for it. */
export interface AdoptedFiles {
  readonly tree: readonly Node[];
  /** Folders to be made in the private one. */
  readonly folders: readonly string[];
}

/** Whose first word is a file that a copy stands for. */
const copied =
  /^(?:authuserfile|authgroupfile|remoteiptrustedproxylist|remoteipinternalproxylist|authdigestfile)$/;

export function adoptFiles(tree: ConfigTree, adoption: Adoption): AdoptedFiles {
  const roots = new Map<string, string>();
  rewrite(tree, (node) => {
    const root = plainPath(node.args[0] ?? "");
    if (node.key === "documentroot" && !roots.has(root)) roots.set(root, `root-${roots.size}`);
    return [node];
  });
  const adopted = rewrite(tree, (node) => {
    const { key, name, args, place } = node;
    const [first = ""] = args;
    if (key === "documentroot") {
      adoption.note(
        `\`${name} ${first}\` is an empty folder instead: no file is shown, and no .htaccess read`,
        place,
      );
      return [withArgs(node, [`${folderMark}/${roots.get(plainPath(first))}`])];
    }
    if (key === "directory")
      return [
        withArgs(
          node,
          args.map((word) => moved(word, roots)),
        ),
      ];
    if (copied.test(key))
      return [withArgs(node, [adoption.copy(first, `${name} ${first}`, place), ...args.slice(1)])];
    if (key === "rewritemap") return adoptMap(node, adoption);
    return [node];
  });
  return { tree: adopted, folders: [...roots.values()] };
}

function plainPath(path: string): string {
  return path.replace(/(.)\/+$/, "$1");
}

/** A root, or what lies below it. */
function moved(path: string, roots: ReadonlyMap<string, string>): string {
  for (const [root, name] of roots) {
    const plain = plainPath(path);
    if (plain === root || plain.startsWith(`${root}/`))
      return `${folderMark}/${name}${plain.slice(root.length)}`;
  }
  return path;
}

/** `RewriteMap NAME txt:FILE`; programs and databases are not asked. */
function adoptMap(node: Node, adoption: Adoption): readonly Node[] {
  const [name = "", source = ""] = node.args;
  const [, type = "", file = ""] = /^(?:(\w+):)?(.*)$/s.exec(source) ?? [];
  if (type === "int") return [node];
  if (type === "txt" || type === "rnd" || type === "") {
    const copy = adoption.copy(file, `RewriteMap ${name}`, node.place);
    return [
      withArgs(node, [
        name,
        `${type === "" ? "txt" : type}:${copy.startsWith("/") ? copy : `${folderMark}/${copy}`}`,
      ]),
    ];
  }
  adoption.note(
    `\`RewriteMap ${name}\` was left out: no program and no database of a config is asked`,
    node.place,
  );
  return [];
}
