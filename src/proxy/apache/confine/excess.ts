/**
 * What a stranger's config may ask of the machine in numbers.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { type ConfigTree, type Node, walk } from "../language/config-tree.js";

/** More than any config has use for on the machine of a gate. */
const most = { lines: 50_000, listen: 256, virtualhost: 2000, balancermember: 2000 };

/** By directive, the most of its number. */
const largest: Readonly<Record<string, number>> = {
  serverlimit: 512,
  startservers: 512,
  threadsperchild: 20_000,
  threadlimit: 20_000,
  maxrequestworkers: 65_536,
  maxclients: 65_536,
  minspareservers: 512,
  maxspareservers: 512,
  threadstacksize: 16 * 1024 ** 2,
  limitrequestfieldsize: 1024 ** 2,
  limitrequestline: 1024 ** 2,
  limitrequestfields: 32_767,
  proxyiobuffersize: 1024 ** 2,
  balancergrowth: 100,
  buffersize: 64 * 1024 ** 2,
};

/**
 * Before anything is done with it: a config must not keep wsrally or the machine busy, nor know wsrally's marks.
 * @throws UsageError
 */
export function refuseExcess(tree: ConfigTree): void {
  const counts = { lines: 0, listen: 0, virtualhost: 0, balancermember: 0 };
  const count = (name: keyof typeof counts, node: Node): void => {
    counts[name]++;
    if (counts[name] > most[name]) throw tooMuch(node, `more than ${most[name]} of ${name}`);
  };
  for (const { node } of walk(tree)) {
    count("lines", node);
    if (node.key === "listen" || node.key === "virtualhost" || node.key === "balancermember")
      count(node.key, node);
    if (node.text.includes("@wsrally-") || node.name.includes("@wsrally-"))
      throw tooMuch(node, "a name that is wsrally's own");
    const limit = largest[node.key];
    if (limit !== undefined && !(Number(node.args[0]) <= limit))
      throw tooMuch(node, `${node.name} ${(node.args[0] ?? "").slice(0, 40)}`);
    const cache = node.key === "sslsessioncache" ? /\((\d+)\)$/.exec(node.args[0] ?? "")?.[1] : undefined;
    if (Number(cache ?? 0) > 64 * 1024 ** 2) throw tooMuch(node, `SSLSessionCache of ${cache} bytes`);
  }
}

function tooMuch({ place }: Node, words: string): UsageError {
  return new UsageError(
    `Cannot adopt ${placeWords(place)}: ${words} is more than a gate gives a config, which may be a stranger's`,
  );
}
