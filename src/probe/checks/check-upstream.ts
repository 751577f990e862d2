/**
 * The upstream as the user wrote it, which wsrally's backend stands in for: does its name resolve, does its port
 * accept connections. Other machines are not touched beyond the lookup of their names.
 */

import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { codeOf } from "../../base/errors.js";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { placeWords } from "../../diagnosis/quote.js";
import { acceptsTcp } from "../../proxy/accepts-tcp.js";
import { isConfigured } from "../../scenario/arm.js";
import type { ProbeContext } from "../probe-context.js";
import { explained } from "./explained-fault.js";

const connectLimitMs = 500;
const lookupLimitMs = 2000;
const upstreamsMost = 5;

interface Seen {
  readonly words: string;
  readonly isTrouble: boolean;
}

export async function checkUpstream(context: ProbeContext): Promise<readonly Finding[]> {
  const { arm, config } = context;
  if (!isConfigured(arm) || config === null)
    return [notTested("upstream", "there is no config that names one")];
  if (arm.confinedTo !== null)
    return [
      notTested("upstream", "a gate asks this machine and its network for nothing that a config names"),
    ];
  const written = config.upstreams.slice(0, upstreamsMost);
  if (written.length === 0)
    return [notTested("upstream", "this path is passed to no address that could be looked at")];
  const seen = await Promise.all(
    written.map(async ({ address, quote }) => {
      const { words, isTrouble } = await lookAt(address);
      return { words: `${address} (${placeWords(quote.place)}): ${words}`, isTrouble };
    }),
  );
  const evidence = seen.map(({ words }) => words);
  const missing = seen.filter(({ isTrouble }) => isTrouble).length;
  if (missing === 0) return [ok("upstream", evidence, "backend")];
  const isAll = missing === seen.length;
  const trouble = explained(
    context,
    { kind: "upstream-missing", isAll },
    {
      title: isAll
        ? "the upstream as written is not there, seen from this machine"
        : `${missing} of the upstream's ${seen.length} servers are not there, seen from this machine`,
      evidence,
      otherwise: {
        cause: "nothing listens at the address, or its name is not known here",
        cure: "start the backend, or correct the address; no matter if the config is for another machine or network",
      },
    },
  );
  return [warning("upstream", { ...trouble, side: "backend" })];
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
