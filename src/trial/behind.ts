/**
 * wsrally's backend behind a proxy that somebody else runs: before any load it is asked whether the proxy points to it,
 * and where in a handshake the run's token gets through.
 */
import { isIPv6 } from "node:net";
import type { BackendCounts } from "../backend/backend-counts.js";
import type { Backend } from "../backend/backend-process.js";
import { EnvironmentError } from "../base/errors.js";
import { maskUrl } from "../base/mask-secrets.js";
import { Secrets } from "../base/secrets.js";
import type { Target } from "../load/messages.js";
import { hiderOf } from "../load/secrets-of-target.js";
import type { Answer } from "../probe/answer.js";
import { answerWords } from "../probe/evidence.js";
import { exchange, type ProbeTarget, upgradeText } from "../probe/raw-client.js";
import { type BehindAddress, behindText } from "../scenario/behind.js";
import { fillText } from "../websocket/filled-text.js";
import { valuesOf } from "../websocket/header-fields.js";
import { type RunToken, type TokenPlace, tokenHeader } from "../websocket/run-token.js";
import type { Traffic } from "./traffic-record.js";

/** Of an arm. */
export interface Behind {
  readonly addresses: readonly BehindAddress[];
  readonly ticket: RunToken;
}

interface BehindLook {
  readonly armName: string;
  readonly behind: Behind;
  readonly backend: Backend;
  /** What is asked, by where the token stands. */
  readonly targetWith: (ticket: RunToken) => Promise<Target>;
  /** Told of what was sent. */
  readonly sent: (traffic: Traffic) => void;
}

const places: readonly TokenPlace[] = ["header", "query"];

/**
 * @returns the place in which the token arrives at the backend
 * @throws EnvironmentError naming what answered instead, and what arrived
 */
export async function findTokenPlace(look: BehindLook): Promise<TokenPlace> {
  const { armName, behind, backend, targetWith } = look;
  const at = behind.addresses.map(behindText).join(", ");
  let words = "";
  for (const place of places) {
    const target = await targetWith({ ...behind.ticket, place });
    await backend.reset();
    const answer = await askAt(target, look.sent);
    const { counts } = await backend.report();
    if (counts !== null && ourRequests(counts) > 0) return place;
    const url = maskUrl(`${target.tls ? "wss" : "ws"}://${target.hostHeader}${fillText(target.path, [])}`);
    words = hiderOf(target)(`at ${url} came ${cameWords(answer)}`);
    if (counts === null || othersRequests(counts) === 0) {
      throw new EnvironmentError(
        `Cannot measure arm ${armName} from behind: ${words}; nothing arrived at ${at}, where wsrally's backend listens: ` +
          "want a proxy whose upstream is there",
      );
    }
  }
  throw new EnvironmentError(
    `Cannot measure arm ${armName} from behind: ${words}; what arrived at ${at} had the run's token neither in its header ` +
      `${tokenHeader} nor in its query: want a proxy that passes one of them on`,
  );
}

/** As a request, whatever was made of it on its way. */
function ourRequests({ upgrades, refusals, pages }: BackendCounts): number {
  return upgrades + Object.keys(refusals).length + Object.keys(pages).length;
}

function othersRequests({ others }: BackendCounts): number {
  return (others?.websockets ?? 0) + (others?.otherRequests ?? 0);
}

/** A page's words say less than who sent it. */
function cameWords(answer: Answer): string {
  if (answer.kind !== "answered") return answerWords(answer);
  const [server] = valuesOf(answer.fields, "Server");
  return server === undefined ? answer.statusLine : `${answer.statusLine}, Server: ${server}`;
}

/** One handshake, without a message. */
async function askAt(target: Target, sent: BehindLook["sent"]): Promise<Answer> {
  const asked = toProbeTarget(target);
  const { answer, end } = await exchange(asked, upgradeText(asked));
  end?.destroy();
  const isOpen = end !== null;
  sent({
    messages: { sent: 0, received: 0 },
    connections: { requested: 1, opened: isOpen ? 1 : 0, failed: isOpen ? 0 : 1 },
    failures: [],
  });
  return answer;
}

function toProbeTarget(target: Target): ProbeTarget {
  const { tls, address, ports, path, hostHeader, origin, fields, subprotocols, caPem, insecure } = target;
  const [row = []] = target.rows;
  const name = hostHeader.replace(/:\d+$/, "");
  const own = fields.map((field) => [field.name, fillText(field.value, row)]);
  return {
    tls,
    host: address,
    port: ports[0] ?? 0,
    path: fillText(path, row),
    hostHeader,
    origin,
    writtenAt: null,
    serverName: /^[\d.]+$|^\[/.test(name) || isIPv6(name) ? null : name,
    headers: {
      ...Object.fromEntries(own),
      ...(subprotocols.length === 0 ? {} : { "Sec-WebSocket-Protocol": subprotocols.join(", ") }),
    },
    secrets: new Secrets(),
    caPem,
    insecure,
    tally: { connections: 0, messages: 0 },
  };
}
