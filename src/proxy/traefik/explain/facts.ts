/**
 * What is known of times, room and limits where a WebSocket goes through Traefik. Of times its config has no word.
 */
import type { ConfigFacts, HandshakeLimit, KeyedLimit } from "../../../diagnosis/config-facts.js";
import { goBacklog } from "../../go-limits.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { isTrueAt, nodeAt, numberAt, secondsAt, textAt } from "../language/fields.js";
import { filesPerConnection } from "../run/template.js";
import { byDefault, type ConfigView, middlewaresOfType, quoteOf } from "./config-view.js";

/** @param workers processors that it keeps busy */
export function builtInFacts(workers: number): ConfigFacts {
  return {
    workers,
    // `respondingTimeouts` end with the handshake.
    idleS: { value: null, quote: byDefault("Traefik has no idle limit for WebSockets: never") },
    shutdownS: { value: null, quote: byDefault("Traefik keeps open WebSockets when its routes change") },
    room: null,
    connectionLimit: null,
    handshakeLimit: null,
    backlog: { value: goBacklog, quote: byDefault("Traefik asks for as many as net.core.somaxconn allows") },
    filesPerConnection,
  };
}

export function factsOf(view: ConfigView): ConfigFacts {
  return {
    ...builtInFacts(1),
    connectionLimit: connectionLimit(view),
    handshakeLimit: handshakeLimit(view),
  };
}

/** Each open WebSocket is a request in flight. */
export function connectionLimit(view: ConfigView): KeyedLimit<number> | null {
  const limits = middlewaresOfType(view, "inflightreq").flatMap(({ settings }): KeyedLimit<number>[] => {
    const value = numberAt(settings, "amount");
    const quote = quoteOf(settings, "amount");
    if (value === null || quote === null) return [];
    return [{ value, quote, by: sourceWords(settings, "Host"), definition: null, holdsForAll: true }];
  });
  return limits.sort((a, b) => a.value - b.value)[0] ?? null;
}

function handshakeLimit(view: ConfigView): HandshakeLimit | null {
  const limits = middlewaresOfType(view, "ratelimit").flatMap(({ settings }): HandshakeLimit[] => {
    const average = numberAt(settings, "average") ?? 0;
    const quote = quoteOf(settings, "average");
    // 0 is no limit.
    if (average === 0 || quote === null) return [];
    const periodS = secondsAt(settings, "period") ?? 1;
    return [
      {
        value: `${average} per ${periodS} s`,
        quote,
        by: sourceWords(settings, "client address"),
        definition: null,
        holdsForAll: true,
        perS: average / periodS,
        burst: numberAt(settings, "burst") ?? 1,
        delays: false,
      },
    ];
  });
  return limits.sort((a, b) => a.perS - b.perS)[0] ?? null;
}

/** Whose requests are counted together. */
function sourceWords(settings: ConfigMap, usual: string): string {
  const header = textAt(settings, "sourceCriterion", "requestHeaderName");
  if (header !== null) return `value of ${header}`;
  if (isTrueAt(settings, "sourceCriterion", "requestHost")) return "Host";
  return nodeAt(settings, "sourceCriterion", "ipStrategy") === null ? usual : "client address";
}
