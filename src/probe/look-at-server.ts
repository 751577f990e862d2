/**
 * Asks a server that somebody else runs what no client asks, to see who answers: a proxy refuses that by itself, in words
 * of its own.
 */
import { type NamedServer, nameServer } from "../proxy/name-server.js";
import type { SeenAnswer } from "../proxy/signs.js";
import type { Answer } from "./answer.js";
import type { ProbeContext } from "./probe-context.js";
import { exchange, requestText } from "./raw-client.js";

/** Who refuses does it at once. */
const timeoutMs = 2000;

const looks = new WeakMap<ProbeContext, Promise<NamedServer | null>>();

/** Asked once a probe. @returns null for nobody that is known */
export function lookAtServer(context: ProbeContext): Promise<NamedServer | null> {
  const look = looks.get(context) ?? lookOnce(context);
  looks.set(context, look);
  return look;
}

async function lookOnce({ target, opening }: ProbeContext): Promise<NamedServer | null> {
  const { answer } = opening.client;
  if (answer.kind === "connect-failed" || answer.kind === "tls-failed") return null;
  const ask = async (text: string): Promise<SeenAnswer | null> => {
    const { answer: seen, end } = await exchange(target, text, { timeoutMs });
    end?.destroy();
    return seenOf(seen);
  };
  const broken = await ask(`no request line / HTTP/1.1\r\nHost: ${target.hostHeader}\r\n\r\n`);
  const fragment = await ask(requestText(`${target.path}#wsrally`, { Host: target.hostHeader }));
  return nameServer({ broken, fragment, upgrade: seenOf(answer) });
}

export function seenOf(answer: Answer): SeenAnswer | null {
  return answer.kind === "answered" ? answer : null;
}
