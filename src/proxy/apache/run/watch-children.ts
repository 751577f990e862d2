/**
 * Child processes that end with no word of Apache's: it tells of every signal but SIGKILL, which is what the kernel ends one
 * by when memory runs out.
 */
import { isShown, processTree } from "../../process-family.js";

export interface ChildWatch {
  /** Begins anew, before another Apache is started. */
  reset(): void;
  /** Takes down who is there. */
  note(parent: number): void;
  /** A line for each of those that are gone though their parent is there. */
  lost(): readonly string[];
}

export function watchChildren(): ChildWatch {
  let parent: number | null = null;
  const children = new Set<number>();
  const lost = new Set<number>();
  return {
    reset() {
      parent = null;
      children.clear();
      lost.clear();
    },
    note(pid) {
      parent = pid;
      for (const child of processTree(pid)) if (child !== pid) children.add(child);
    },
    lost() {
      if (parent !== null && isShown(parent))
        for (const child of children) if (!isShown(child)) lost.add(child);
      return [...lost].map((pid) => `[notice] child pid ${pid} is gone, and Apache does not say why`);
    },
  };
}
