/**
 * How connections end: by a close frame from either side, without one, and one half before the other.
 */
import { type Finding, fault, notTested, ok } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { quietHabits, type WebSocketEnd } from "../websocket-end.js";
import { endWords, noPair } from "./check-messages.js";

const arrivalMs = 2000;

type Look = (pair: OpenPair) => Promise<Finding>;

export async function checkCloses(context: ProbeContext): Promise<readonly Finding[]> {
  const looks = [
    ["close-from-client", (pair) => closes("close-from-client", pair.client, pair.backend)],
    ["close-from-backend", (pair) => closes("close-from-backend", pair.backend, pair.client)],
    ["abrupt-end", abruptEnd],
    ["half-close", halfClose],
  ] as const satisfies readonly (readonly [Finding["id"], Look])[];
  const findings: Finding[] = [];
  for (const [id, look] of looks) {
    const pair = await context.openPair();
    findings.push(pair === null ? notTested(id, noPair(context)) : await look(pair));
    pair?.client.destroy();
    pair?.backend.destroy();
  }
  return findings;
}

async function closes(
  id: "close-from-client" | "close-from-backend",
  from: WebSocketEnd,
  to: WebSocketEnd,
): Promise<Finding> {
  const code = id === "close-from-client" ? 4001 : 4002;
  const reason = "wsrally has seen enough";
  from.close(code, reason);
  await to.until(() => to.find("close") !== undefined || to.ended() !== null, arrivalMs);
  const close = to.find("close");
  await from.until(() => from.find("close") !== undefined || from.ended() !== null, arrivalMs);
  const answered = from.find("close")?.code === code;
  if (close?.code === code && close.reason === reason && answered) return ok(id);
  return fault(id, {
    side: "proxy",
    title: close?.code === code ? "the answer to a close frame is lost" : "close code and reason do not pass",
    evidence: [
      `sent: close frame, code ${code}, reason "${reason}"`,
      `the other side received: ${endWords(to)}`,
      `answer to it: ${endWords(from)}`,
    ],
    cause: "what stands between ends the connection itself, and so the other side sees 1006",
    cure: "look for a filter or a timeout between the two; a proxy by itself passes close frames on unread",
  });
}

async function abruptEnd({ client, backend }: OpenPair): Promise<Finding> {
  const startMs = performance.now();
  backend.reset();
  const seen = await client.until(() => client.ended() !== null, arrivalMs);
  const took = Math.round(performance.now() - startMs);
  const evidence = ["backend: reset its connection", `client saw after ${took} ms: ${endWords(client)}`];
  if (seen) return ok("abrupt-end", evidence);
  return fault("abrupt-end", {
    side: "proxy",
    title: "a client does not learn that its backend is gone",
    evidence,
    cause: "what stands between keeps the client's connection when the backend's is gone",
    cure: "heartbeats from the client, with a reconnect when they are not answered",
  });
}

async function halfClose({ client, backend }: OpenPair): Promise<Finding> {
  client.habits = { ...quietHabits, endsOnEof: false };
  backend.habits = client.habits;
  client.socket.end();
  const seen = await backend.until(() => backend.ended() !== null, arrivalMs);
  if (!seen) {
    return fault("half-close", {
      side: "proxy",
      title: "a client that ends its connection is not noticed by the backend",
      evidence: ["client sent: FIN", "backend saw: nothing for 2 s"],
      cause: "what stands between keeps the backend's connection when the client's is half closed",
      cure: "heartbeats from the backend, so that it notices dead clients",
    });
  }
  backend.send(opcodes.text, "after the client's FIN");
  const passes = await client.until(
    () => client.find("message") !== undefined || client.ended() !== null,
    arrivalMs,
  );
  const arrived = passes && client.find("message") !== undefined;
  return ok("half-close", [
    "client sent: FIN; backend saw: EOF",
    arrived
      ? "a message that the backend sent after it reached the client"
      : "a message that the backend sent after it did not reach the client: the proxy ends both directions together",
  ]);
}
