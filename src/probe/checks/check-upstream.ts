/**
 * The upstream as the user wrote it, which wsrally's backend stands in for: does its name resolve, does its port
 * accept connections. Other machines are not touched beyond the lookup of their names.
 */

import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { codeOf } from "../../base/errors.js";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { acceptsTcp } from "../../proxy/accepts-tcp.js";
import { writtenUpstreams } from "../../proxy/nginx/explain/written-upstreams.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { isNginx } from "../is-nginx.js";
import type { ProbeContext } from "../probe-context.js";
import { checkResolver } from "./check-resolver.js";

const connectLimitMs = 500;
const lookupLimitMs = 2000;
const upstreamsMost = 5;

interface Seen {
  readonly words: string;
  readonly isTrouble: boolean;
}

export async function checkUpstream({ view, arm }: ProbeContext): Promise<readonly Finding[]> {
  if (!isNginx(arm) || arm.configFile === null || view === null) {
    return [notTested("upstream", "there is no config that names one")];
  }
  const unresolved = checkResolver(view);
  if (unresolved !== null) return [unresolved];
  const written = writtenUpstreams(view).slice(0, upstreamsMost);
  if (arm.confinedTo)
    return [
      notTested("upstream", "a gate asks this machine and its network for nothing that a config names"),
    ];
  if (written.length === 0)
    return [notTested("upstream", "this path has no proxy_pass with an address to look at")];
  const seen = await Promise.all(
    written.map(async ({ address, node }) => {
      const { words, isTrouble } = await lookAt(address);
      return { words: `${address} (${placeOf(node.origin)}): ${words}`, isTrouble };
    }),
  );
  const evidence = seen.map(({ words }) => words);
  if (seen.every(({ isTrouble }) => !isTrouble)) return [ok("upstream", evidence, "backend")];
  const missing = seen.filter(({ isTrouble }) => isTrouble).length;
  return [
    warning("upstream", {
      side: "backend",
      title:
        missing === seen.length
          ? "the upstream as written is not there, seen from this machine"
          : `${missing} of the upstream's ${seen.length} servers are not there, seen from this machine`,
      evidence,
      cause:
        missing === seen.length
          ? "nothing listens at the address, or its name is not known here; nginx would answer 502, or with an unknown name not start"
          : "nginx tries such a server first or next, loses time, and leaves it out for fail_timeout (10 s) after each try",
      cure: "start the backend, or correct proxy_pass; no matter if the config is for another machine or network",
    }),
  ];
}

async function lookAt(address: string): Promise<Seen> {
  if (address.startsWith("unix:")) {
    const there = existsSync(address.slice("unix:".length));
    return { words: there ? "the socket is there" : "no such socket", isTrouble: !there };
  }
  const colon = address.lastIndexOf(":");
  const name = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const found = isIP(name) === 0 ? await resolveName(name) : { ip: name, code: null };
  if (found.ip === null) return { words: `the name is not found (${found.code})`, isTrouble: true };
  const isLoopback = found.ip.startsWith("127.") || found.ip === "::1";
  if (!isLoopback) return { words: `${found.ip}, another machine: not connected to`, isTrouble: false };
  const accepts = await acceptsTcp(found.ip, Number(address.slice(colon + 1)), connectLimitMs);
  return { words: accepts ? "accepts connections" : "nobody listens", isTrouble: !accepts };
}

async function resolveName(name: string): Promise<{ ip: string | null; code: string | null }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ip: null; code: string }>((resolve) => {
    timer = setTimeout(() => resolve({ ip: null, code: "no answer in time" }), lookupLimitMs);
  });
  const asked = lookup(name, { family: 4 }).then(
    ({ address }) => ({ ip: address, code: null }),
    (thrown: unknown) => ({ ip: null, code: codeOf(thrown) ?? "lookup failed" }),
  );
  const found = await Promise.race([asked, late]);
  clearTimeout(timer);
  return found;
}
