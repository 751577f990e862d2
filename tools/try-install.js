/**
 * Runs the steps of action.yml that install wsrally, in both of their ways: of the action's own sources, from a fresh clone
 * of the last commit, and of a version, from a registry on loopback that has this package and sends for all others to npm's
 * own. It ends with 1 where an installed wsrally does not say its version.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAction, runAction } from "../dist-test/support/composite-action.js";

const action = readAction("action.yml");
const gate = action.runs.steps.findIndex(({ id }) => id === "gate");
const install = { ...action, outputs: {}, runs: { ...action.runs, steps: action.runs.steps.slice(0, gate) } };
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const folder = mkdtempSync(join(tmpdir(), "wsrally-try-"));
// npm hands its own settings down to what it runs; a runner's step has none.
for (const name of Object.keys(process.env)) if (/^npm_/i.test(name)) delete process.env[name];
const others = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" })
  .trim()
  .replace(/\/?$/, "/");

try {
  const clone = join(folder, "clone");
  execFileSync("git", ["clone", "-q", "--depth=1", `file://${process.cwd()}`, clone]);
  await tryInstall("its own sources", clone, "");
  const registry = await serveRegistry();
  try {
    process.env.npm_config_registry = `http://127.0.0.1:${registry.address().port}/`;
    await tryInstall(`version ${manifest.version}`, clone, manifest.version);
  } finally {
    registry.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryInstall(way, actionPath, version) {
  const started = performance.now();
  const temp = mkdtempSync(join(folder, "runner-"));
  // Without a base branch there is nothing to fetch.
  const run = { inputs: { version, scenario: "x" }, workspace: folder, temp, actionPath, baseRef: "" };
  const { code, log } = await runAction(install, run);
  const program = join(temp, "wsrally/node_modules/.bin/wsrally");
  const said = code === 0 ? execFileSync(program, ["--version"], { encoding: "utf8" }).trim() : "nothing";
  const seconds = ((performance.now() - started) / 1e3).toFixed(1);
  process.stdout.write(`${way}: ended with ${code}, says ${said}, ${seconds} s\n`);
  if (said === manifest.version) return;
  process.stderr.write(log);
  process.exitCode = 1;
}

/** As much of npm's registry as an installation asks for. */
async function serveRegistry() {
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      encoding: "utf8",
    }),
  );
  const tarball = readFileSync(join(folder, filename));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const server = createServer(({ url, headers }, response) => {
    if (url === "/wsrally.tgz") return void response.end(tarball);
    if (url !== "/wsrally") return void response.writeHead(302, { location: others + url.slice(1) }).end();
    const dist = { integrity, tarball: `http://${headers.host}/wsrally.tgz` };
    const { version } = manifest;
    const versions = { [version]: { ...manifest, dist } };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name: "wsrally", "dist-tags": { latest: version }, versions }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
