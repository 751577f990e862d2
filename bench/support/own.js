/**
 * What this process owns and leaves nothing of: a temporary folder, and the guard through which its children start, so
 * that they end with it whatever happens to it.
 */
import { rmSync } from "node:fs";
import { createProcessGuard } from "../../build/base/owned-process.js";
import { createWorkspace } from "../../build/base/workspace.js";

export const { path: folder } = await createWorkspace();
export const guard = createProcessGuard(folder);

process.once("exit", () => {
  guard.release();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
