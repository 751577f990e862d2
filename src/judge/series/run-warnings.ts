/**
 * What a reader must know before believing a run: warnings as data, each with a stable code and what to do.
 */
import type { RunDocument } from "../../results/run-document.js";
import { idleWorker, idleWorkWords } from "../../trial/epoch/idle-work.js";
import { messagesNeeded } from "../../trial/plan-trial.js";
import { agentWarnings } from "../agent-warnings.js";
import { voidBlocks } from "../void-blocks.js";
import { reasonMeanings, voidCause } from "../void-cause.js";
import { defaultDecisionPlan } from "./decision-plan.js";

type Warning = RunDocument["warnings"][number];

export function runWarnings(document: RunDocument): Warning[] {
  return [
    ...armKindWarnings(document),
    ...agentWarnings(document, "blocks"),
    ...roomWarnings(document),
    ...othersWarnings(document),
    ...residenceWarnings(document),
    ...idleWorkWarnings(document),
    ...blockWarnings(document),
    ...messageWarnings(document),
    ...offerWarnings(document),
    ...voidWarnings(document),
    ...disqualifiedWarnings(document),
    ...busiestWarnings(document),
  ];
}

function armKindWarnings({ arms }: RunDocument): Warning[] {
  const embedded = arms.filter(({ proxy }) => proxy.kind === "embedded").map(({ name }) => name);
  const urls = arms.filter(({ proxy }) => proxy.kind === "url").map(({ name }) => name);
  const warnings: Warning[] = [];
  if (embedded.length > 0) {
    warnings.push({
      code: "embedded-relay",
      message: `${embedded.join(", ")}: a plain relay in Node, which stands for no proxy of the real world`,
    });
  }
  if (urls.length > 0) {
    warnings.push({
      code: "instance-not-restarted",
      message: `${urls.join(", ")}: kept running through all trials, so one instance's luck is mixed with its config`,
    });
  }
  return warnings;
}

export function roomWarnings({ arms }: Pick<RunDocument, "arms">): Warning[] {
  return arms.flatMap(({ name, room }) =>
    room?.warning == null ? [] : [{ code: "room-scarce", message: `${name} ${room.warning}` }],
  );
}

/** Health checks are no load. */
function othersWarnings({ arms }: RunDocument): Warning[] {
  return arms.flatMap(({ name, behind }) => {
    const { websockets = 0, messages = 0 } = behind?.others ?? {};
    if (websockets + messages === 0) return [];
    const message = `${name}: others opened ${websockets} WebSockets to the backend during the trials and sent ${messages} messages: they are in no count, but the proxy carried them too`;
    return [{ code: "others-behind", message }];
  });
}

/** What was seen in part would say more of the messages that were easy to see. */
function residenceWarnings({ arms }: RunDocument): Warning[] {
  return arms.flatMap(({ name, trials }) => {
    const problems = trials.flatMap(({ residence }) => residence?.problem ?? []);
    if (problems.length === 0) return [];
    const message = `${name}: no time inside the proxy in ${problems.length} of ${trials.length} trials: ${problems[0]}`;
    return [{ code: "residence-incomplete", message }];
  });
}

/** Stalls that it makes fall on whoever has the load. */
function idleWorkWarnings({ arms }: RunDocument): Warning[] {
  const trials = arms.flatMap(({ name: arm, trials }) => trials.map(({ proxyCost }) => ({ arm, proxyCost })));
  const worker = idleWorker(trials);
  if (worker === null) return [];
  const message = `${idleWorkWords(worker)}: it works by the clock as well, and its pauses fall into all arms' slots. --interleave blocks tells them apart`;
  return [{ code: "idle-work", message }];
}

function blockWarnings(document: RunDocument): Warning[] {
  const { arms, scenario, status } = document;
  const blocks = new Set(arms.flatMap(({ trials }) => trials.map(({ block }) => block))).size;
  if (scenario.pairs.length === 0 || status === "running" || blocks >= defaultDecisionPlan.minBlocks)
    return [];
  // More time would go the same way.
  if (voidBlocks(document) !== null) return [];
  return [
    {
      code: "too-few-blocks",
      message: `${blocks} blocks were measured and a verdict needs ${defaultDecisionPlan.minBlocks}: give it more time with --max-seconds`,
    },
  ];
}

function messageWarnings({ arms, scenario }: RunDocument): Warning[] {
  const needed = messagesNeeded(scenario.metrics);
  const short = arms.filter(({ trials }) => trials.some(({ messages }) => messages.received < needed));
  if (short.length === 0) return [];
  return [
    {
      code: "few-messages",
      message: `${short.map(({ name }) => name).join(", ")}: some windows held fewer than the ${needed} messages that the highest percentile needs; it is left out there. A longer --duration or a higher --rate gives it`,
    },
  ];
}

/** As the judge has it: 1 % less than the offer is another load. */
const offerMetShare = 0.99;

function offerWarnings({ arms }: RunDocument): Warning[] {
  return arms.flatMap(({ name, trials }) => {
    const shares = trials
      .flatMap(({ offeredPerS, throughputPerS, disqualified }) =>
        offeredPerS === null || offeredPerS === 0 || disqualified ? [] : [throughputPerS / offeredPerS],
      )
      .sort((a, b) => a - b);
    const typical = shares[shares.length >> 1];
    if (typical === undefined || typical >= offerMetShare) return [];
    const message = `${name}: carried ${(typical * 100).toFixed(1)} % of what was offered, so its latencies are of less load; throughput alone is compared. A lower --rate lets it keep up`;
    return [{ code: "offer-not-met", message }];
  });
}

function disqualifiedWarnings({ arms }: RunDocument): Warning[] {
  return arms.flatMap(({ name, trials }) => {
    const out = trials.filter(({ disqualified }) => disqualified);
    const cause = voidCause([{ name, trials }]);
    if (cause === null) return [];
    const reasons = new Set(out.flatMap(({ disqualifiedBecause }) => disqualifiedBecause));
    const words = [...reasons].map((reason) => reasonMeanings[reason] ?? reason).join("; ");
    const most = words.includes(cause.words) ? "" : `; most for this: ${cause.words}`;
    const cure = cause.cure === null ? "" : `. Against it: ${cause.cure}`;
    return [
      {
        code: "trials-disqualified",
        message: `${name}: ${out.length} of ${trials.length} trials are out of the comparison: ${words}${most}${cure}`,
      },
    ];
  });
}

function voidWarnings(document: RunDocument): Warning[] {
  const blocks = document.status === "running" ? null : voidBlocks(document);
  const cause = voidCause(document.arms);
  if (blocks === null || cause === null) return [];
  return [
    {
      code: "void-blocks",
      message: `nothing of the last ${blocks} blocks counts, so the run ended with what it had: ${cause.words}${cause.cure === null ? "" : `. Against it: ${cause.cure}`}`,
    },
  ];
}

/** Driven to its limit, an arm is measured only if it is the proxy that is at its limit. */
function busiestWarnings({ arms }: RunDocument): Warning[] {
  return arms.flatMap(({ name, ratePerS, trials }) => {
    const others = trials.flatMap(({ busiest }) => (busiest == null || busiest === "proxy" ? [] : [busiest]));
    if (ratePerS !== null || others.length * 2 <= trials.length) return [];
    const who =
      others.filter((part) => part === "generator").length * 2 >= others.length ? "generator" : "backend";
    const message = `${name}: in the closed loop the ${who} was busier than the proxy in ${others.length} of ${trials.length} trials, so its limit may not be the proxy's`;
    return [{ code: "proxy-not-busiest", message }];
  });
}
