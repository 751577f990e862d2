/**
 * A reader that does not read: the sender must be slowed down, and the proxy must not keep what it cannot pass on.
 */
import { type Finding, notTested, ok } from "../../diagnosis/finding.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import type { WebSocketEnd } from "../websocket-end.js";
import { noPair } from "./check-messages.js";
import { explainedFault } from "./explained-fault.js";
import { pushBytesMost, pushUntilStalled } from "./push-until-stalled.js";

const mebibyte = 1024 * 1024;
/** A proxy that keeps more than this for one connection is keeping what it should leave with the sender. */
const memoryLimitBytes = 16 * mebibyte;
const drainMs = 10_000;

export async function checkSlowReaders(context: ProbeContext): Promise<readonly Finding[]> {
  return [
    await look(context, "slow-client", ({ client, backend }) => [backend, client]),
    await look(context, "slow-backend", ({ client, backend }) => [client, backend]),
  ];
}

async function look(
  context: ProbeContext,
  id: "slow-client" | "slow-backend",
  ends: (pair: OpenPair) => readonly [WebSocketEnd, WebSocketEnd],
): Promise<Finding> {
  const pair = await context.openPair();
  if (pair === null) return notTested(id, noPair(context));
  const [sender, reader] = ends(pair);
  try {
    reader.keepsMessages = false;
    reader.socket.pause();
    const before = context.proxy.usage().rssBytes;
    const sentBytes = await pushUntilStalled(sender);
    const after = context.proxy.usage().rssBytes;
    const heldBytes = sentBytes - sender.socket.writableLength;
    reader.socket.resume();
    const arrived = await reader.until(() => reader.messageBytes >= sentBytes, drainMs);
    const growth = before === null || after === null ? null : after - before;
    return judge(context, id, { heldBytes, growth, arrived, isStalled: heldBytes < pushBytesMost });
  } finally {
    pair.client.destroy();
    pair.backend.destroy();
  }
}

interface Seen {
  readonly heldBytes: number;
  readonly growth: number | null;
  readonly arrived: boolean;
  readonly isStalled: boolean;
}

function judge(
  context: ProbeContext,
  id: "slow-client" | "slow-backend",
  { heldBytes, growth, arrived, isStalled }: Seen,
): Finding {
  const [reader, sender] =
    id === "slow-client" ? (["client", "backend"] as const) : (["backend", "client"] as const);
  const inMib = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;
  const evidence = [
    `the ${reader} stopped reading, the ${sender} sent on: ${isStalled ? `held back after ${inMib(heldBytes)}` : `${inMib(heldBytes)} went in`}`,
    ...(growth === null ? [] : [`the proxy's memory meanwhile: ${growth < 0 ? "" : "+"}${inMib(growth)}`]),
    `when the ${reader} read again, ${arrived ? "all of it arrived" : "not all of it arrived"}`,
  ];
  const symptom = { kind: "slow-reader", reader, lost: !arrived } as const;
  if (!arrived) {
    return explainedFault(context, id, symptom, {
      title: `what a slow ${reader} has not read yet is lost`,
      evidence,
      otherwise: {
        cause: "the connection was given up while it was blocked",
        cure: "raise what counts while a write is blocked",
      },
    });
  }
  if (!isStalled || (growth !== null && growth > memoryLimitBytes)) {
    return explainedFault(context, id, symptom, {
      title: `a slow ${reader} does not slow the ${sender} down`,
      evidence,
      otherwise: {
        cause: "what stands between takes in what it cannot pass on",
        cure: "bound its buffers",
      },
    });
  }
  return ok(id, evidence);
}
