/**
 * The same config with a few values changed, run beside the first: a timeout of an hour cannot be waited for.
 */
import { type Directive, directive, rewrite } from "../proxy/nginx/nginx-tree.js";
import { startSession } from "./arm-session.js";
import { type ContextParts, createContext } from "./create-context.js";
import type { RunningVariant, Variant } from "./probe-context.js";

/** @returns null for an arm without a config */
export async function startVariant(parts: ContextParts, variant: Variant): Promise<RunningVariant | null> {
  if (parts.settings.arm.kind !== "nginx") return null;
  const session = await startSession(parts.sessionSettings, (tree) => changed(tree, variant));
  const context = await createContext({ ...parts, session });
  return { context, stop: session.stop };
}

function changed(tree: readonly Directive[], { set, main = {} }: Variant): Directive[] {
  const words = new Map(Object.entries(set));
  const mainWords = new Map(Object.entries(main));
  const added = [...words].map(([name, value]) => directive(name, ...value.split(" ")));
  const replaced = rewrite(tree, (node) => {
    // One value in http, for whoever sets none, and in place of whatever is set further in.
    if (node.name === "http") return [{ ...node, block: [...added, ...(node.block ?? [])] }];
    const isReplaced = mainWords.has(node.name) || words.has(node.name);
    return isReplaced && !added.includes(node) ? [] : [node];
  });
  return [...[...mainWords].map(([name, value]) => directive(name, ...value.split(" "))), ...replaced];
}
