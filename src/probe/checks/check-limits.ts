/**
 * How many WebSockets the config lets in: foretold from what it says, and tried where the number is small enough.
 */
import { fewConnections } from "../../diagnosis/config-facts.js";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { LogCause } from "../../diagnosis/log-cause.js";
import { quoteAt } from "../../diagnosis/quote.js";
import type { Log } from "../../diagnosis/symptom.js";
import { connectionsMost } from "../arm-session.js";
import { loggedWords } from "../evidence.js";
import type { ProbeContext } from "../probe-context.js";
import { noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";
import { beyond, type Filled, filledWords, fillUp, mostToTry } from "./fill-up.js";

/** Failures in all after which no more is tried. */
const failuresEnough = 5;
/** What a log has when there is no room. */
const roomCauses: ReadonlySet<LogCause> = new Set([
  "worker-connections",
  "connections-short",
  "no-descriptors",
  "queue-timeout",
]);

export async function checkLimits(context: ProbeContext): Promise<readonly Finding[]> {
  if (context.facts === null) return untried("there is no config to read");
  if (context.opening.client.end === null) return untried(noPair(context));
  return [await share(context), await room(context)];
}

function untried(why: string): Finding[] {
  return [notTested("limit-conn", why), notTested("worker-connections", why)];
}

/** What each of something may have, an address say. */
async function share(context: ProbeContext): Promise<Finding> {
  const limit = context.facts?.connectionLimit ?? null;
  if (limit === null) return ok("limit-conn", ["config: no limit on connections for this path"]);
  const { value: allowed, quote, by } = limit;
  const filled = await tryOut(context, allowed, failuresEnough);
  const symptom = { kind: "share-ends", allowed } as const;
  return warning(
    "limit-conn",
    explained(context, symptom, {
      title: `no more than ${allowed} WebSockets are let in for each ${by}`,
      evidence: [
        `config: ${quoteAt(quote)}, by ${by}; each WebSocket counts for as long as it lives`,
        ...triedWords(context, filled),
      ],
      otherwise: {
        cause: `${quoteAt(quote)}; all who have the same ${by} share the number`,
        cure: "a higher number, or a key that tells users apart",
      },
    }),
  );
}

async function room(context: ProbeContext): Promise<Finding> {
  const { facts } = context;
  if (!facts?.room)
    return notTested("worker-connections", "the config does not say how many it has room for");
  const { oneByOne: foretold, parts, words } = facts.room;
  const before = context.log().length;
  // A part that is full turns clients away while others have room: all are asked for before one is believed.
  const filled =
    facts.connectionLimit === null ? await tryOut(context, foretold, failuresEnough * parts ** 2) : null;
  const log: Log = context
    .log()
    .slice(before)
    .filter(({ cause }) => cause !== null && roomCauses.has(cause));
  const evidence = [...words, ...triedWords(context, filled), ...log.slice(0, 1).map(loggedWords)];
  if (foretold >= fewConnections) return ok("worker-connections", evidence);
  const opened = filled?.opened ?? foretold;
  const symptom = { kind: "room-ends", opened, how: filled?.end ?? null, log } as const;
  return warning(
    "worker-connections",
    explained(context, symptom, {
      title: `there is room for ${foretold} WebSocket${foretold === 1 ? "" : "s"}`,
      evidence,
      otherwise: {
        cause: `${quoteAt(facts.room.quote)}; whoever comes beyond is turned away, or waits`,
        cure: "room for all the WebSockets that there may be",
      },
    }),
  );
}

/** Null where it is too many. */
async function tryOut(context: ProbeContext, foretold: number, enough: number): Promise<Filled | null> {
  if (context.quick || foretold + beyond > mostToTry()) return null;
  return fillUp(context, { count: foretold + beyond, failuresEnough: enough });
}

function triedWords({ quick }: ProbeContext, filled: Filled | null): string[] {
  if (filled !== null) return [filledWords(filled)];
  if (quick) return ["not tried: --quick"];
  const most = mostToTry();
  return most < connectionsMost
    ? [`not tried: more than ${most}, which is all that probe itself has open files for (ulimit -n)`]
    : [`not tried: more than ${connectionsMost}, or another limit before it`];
}
