/**
 * What turns a client away for who it is: passwords, address lists, accounts. A measurement takes them out of the way.
 */
import { type ConfigTree, type Node, nodeText, rewrite, withArgs } from "../language/config-tree.js";
import type { Adoption } from "./adoption.js";

/** Who is asked, and how. */
const asking =
  /^(?:auth\w*|anonymous\w*|sslrequire|sslrequiressl|order|satisfy|session\w*|<?authnprovideralias)$/;

export function adoptAccess(tree: ConfigTree, adoption: Adoption): Node[] {
  return rewrite(tree, (node, path) => {
    const { key, args } = node;
    const leaveOut = (): readonly Node[] => {
      adoption.note(`\`${nodeText(node)}\` was left out: the generator is not whom it lets in`, node.place);
      return [];
    };
    if (asking.test(key)) return leaveOut();
    if ((key === "allow" || key === "deny") && /^from$/i.test(args[0] ?? "")) {
      const isForAll = args.length === 2 && /^all$/i.test(args[1] ?? "");
      // Under `Order` the two of them make up who comes in; without it everybody does.
      return isForAll ? [] : leaveOut();
    }
    if (key === "requirenone") return leaveOut();
    if (key !== "require" || /^all$/i.test(args[0] ?? "") || /^(?:env|expr|method)$/i.test(args[0] ?? ""))
      return [node];
    if (/^not$/i.test(args[0] ?? "")) return leaveOut();
    leaveOut();
    return path.some((one) => one.key === "limit") ? [] : [withArgs(node, ["all", "granted"])];
  });
}
