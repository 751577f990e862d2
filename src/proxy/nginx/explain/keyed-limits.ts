/**
 * limit_conn and limit_req foretold: what they let in of a load that comes from few addresses, all of it for one server.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { ForetoldLimit, MachineLimits } from "../../../diagnosis/limit.js";
import { concurrentHandshakes } from "../../../load/opener.js";

export function limitConn(
  { connectionLimit }: ConfigFacts,
  { ephemeralPorts }: MachineLimits,
): ForetoldLimit[] {
  if (connectionLimit === null) return [];
  const { value, quote, by, holdsForAll } = connectionLimit;
  const [, zone = ""] = quote.text.split(" ");
  return [
    {
      name: "limit-conn",
      unit: "connections",
      foretold: value,
      directive: `${quote.text};`,
      note: `for each ${by}: all of the generator's connections share one address, as users behind one NAT do`,
      provenBy: ["limit-conn"],
      admission: {
        quote,
        // So many that they come from several addresses are counted apart.
        isCertain: holdsForAll && isSameForAll(by),
        letsIn: ({ connections }) =>
          ephemeralPorts !== null && connections > ephemeralPorts / 2 ? Number.POSITIVE_INFINITY : value,
        oneByOne: null,
        caveat: () => null,
        cure: (connections) => `limit_conn ${zone} ${connections}`,
      },
    },
  ];
}

/** Handshakes a second that even a slow machine makes. */
const slowestPerS = 200;

export function limitReq({ handshakeLimit }: ConfigFacts): ForetoldLimit[] {
  if (handshakeLimit === null) return [];
  const { value, quote, by, burst, perS, delays, holdsForAll } = handshakeLimit;
  const atOnce = 1 + burst;
  const [, zone = ""] = quote.text.split(" ");
  // Where as many may wait as come at once, none is turned away: all are let in at the rate.
  const holdsAll = delays && burst >= concurrentHandshakes;
  return [
    {
      name: "limit-req",
      unit: "connections",
      foretold: holdsAll ? null : atOnce,
      directive: `${quote.text};`,
      note: `at once for each ${by}, and ${value} from then on${delays ? ", which those of the burst wait for" : ""}`,
      provenBy: ["limit-req"],
      admission: {
        quote,
        isCertain: holdsForAll && isSameForAll(by),
        letsIn: ({ connections, perS: pace }) => {
          if (holdsAll) return Number.POSITIVE_INFINITY;
          const openingS = connections / (pace ?? slowestPerS) + (delays ? burst / perS : 0);
          return Math.floor(atOnce + perS * openingS);
        },
        oneByOne: null,
        caveat: ({ connections, perS: pace }) =>
          holdsAll || connections <= atOnce || (pace !== null && pace <= perS)
            ? null
            : `connections that come faster than ${value} are turned away beyond ${atOnce} at once`,
        cure: (connections) =>
          `limit_req ${zone} burst=${connections} nodelay, or --ramp ${Math.max(1, Math.floor(perS))}`,
      },
    },
  ];
}

/** Variables that are the same, and never empty, for every connection of a load. */
const sameForAll = new Set(
  "binary_remote_addr remote_addr server_addr server_port host http_host hostname scheme".split(" "),
);

/** An empty key is not counted, and one that differs makes a limit of each. */
function isSameForAll(key: string): boolean {
  const variables = [...key.matchAll(/\$\{?(\w+)\}?/g)].map(([, name = ""]) => name);
  return variables.length > 0 && variables.every((name) => sameForAll.has(name));
}
