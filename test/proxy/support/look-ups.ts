/** Configs prepared, started and asked in a network of its own, with a name server that notes what it was asked for. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import type { Asked, ConfigToAsk } from "./name-look-ups-main.js";

/** What tells a name that must not be asked for; a label of its own stands before it. */
export const asked = ".asked.test";
/** Asked for by the program that starts the proxies: that it is heard of shows that others would be. */
export const control = `control${asked}`;

const program = fileURLToPath(new URL("./name-look-ups-main.js", import.meta.url));
/** Programs ask 127.0.0.1 for names, and nobody else: systemd's resolver is asked through a socket, which has no network. */
const script = `ip link set lo up
mount --bind "$1/resolv.conf" "$(readlink -f /etc/resolv.conf)"
if [ -e /etc/nsswitch.conf ]; then mount --bind "$1/nsswitch.conf" "$(readlink -f /etc/nsswitch.conf)"; fi
shift
exec "$@"`;

/** @returns what is in the way where there can be no network of its own */
export async function lookUps(configs: readonly ConfigToAsk[], folder: string): Promise<Asked | string> {
  writeFileSync(join(folder, "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  writeFileSync(join(folder, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: dns\n");
  // Where nobody may read it in place, every preparation would copy it.
  const nginx = join(folder, "nginx");
  copyFileSync((await findNginx()).path, nginx);
  chmodSync(nginx, 0o755);
  chmodSync(folder, 0o755);
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const args = [...asRoot, "--net", "--mount", "sh", "-ec", script, "sh", folder, process.execPath, program];
  const env = { ...process.env, WSRALLY_NGINX: nginx };
  const child = spawn("unshare", args, { stdio: ["pipe", "pipe", "pipe"], env });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(configs));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (/unshare: |ip: not found|mount: /.test(stderr) || child.pid === undefined) return stderr.trim();
  assert.equal(child.exitCode, 0, stderr);
  return JSON.parse(stdout) as Asked;
}
