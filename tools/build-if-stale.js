/** Builds where dist/ is missing or older than what it is made of: `npm start`, which else has what `npm ci` built. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "dist/cli.js");
const sources = ["src", "tools", "templates", "package.json", "package-lock.json", "tsconfig.json"];

if (isStale()) {
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
}

function isStale() {
  if (!existsSync(program)) return true;
  const builtMs = statSync(program).mtimeMs;
  return sources.some((source) => changedMs(join(root, source)) > builtMs);
}

/** When a file, or anything in a folder, was changed last. */
function changedMs(path) {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(path).map((name) => changedMs(join(path, name))));
}
