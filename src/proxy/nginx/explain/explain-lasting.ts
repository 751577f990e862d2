/**
 * Why a WebSocket that was open ended or was held up, in nginx's directives.
 */
import { explainDead } from "../../../diagnosis/explain-dead.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { quoteOf } from "../language/nginx-tree.js";
import type { Reading } from "./reading.js";

export function explainIdle({ view, facts: { idleS } }: Reading): Explanation | null {
  const { value, quote } = idleS;
  if (value === null) return null;
  return {
    cause: `${quoteAt(quote)}; nginx logs it at level info alone`,
    cure: `a heartbeat from either side more often than every ${timeWords(value)}, or in ${view.where}:\nproxy_read_timeout 3600s;`,
    quotes: [quote],
  };
}

export function explainDeadKept({ facts }: Reading): Explanation {
  return explainDead(
    facts.idleS,
    "the kernel's own probes for those that nothing is sent to; for the others a ping of the backend's own, which ends who does not answer:\nlisten 80 so_keepalive=30s:10s:3;",
  );
}

export function explainReload({ facts: { shutdownS } }: Reading): Explanation {
  const { value, quote } = shutdownS;
  return {
    cause:
      value === null
        ? "old workers do not wait for their connections"
        : `${quoteAt(quote)}: old workers cut what is still open, busy or not`,
    cure: "clients that reconnect after a random wait; without worker_shutdown_timeout old workers live, and hold memory, until their last WebSocket ends",
    quotes: value === null ? [] : [quote],
  };
}

/** Null unless the directive is off. */
export function explainHeldMessages({ view }: Reading): Explanation | null {
  const [written] = view.effective("tcp_nodelay");
  if (written?.args[0] !== "off") return null;
  const quote = quoteOf(written);
  return {
    cause: `${quoteAt(quote)}: without TCP_NODELAY the kernel keeps a small segment back until the one before is acknowledged, which the receiver delays by up to 40 ms`,
    cure: "take the line out: tcp_nodelay is on by default",
    quotes: [quote],
  };
}

export function explainSlowReader(
  _: Reading,
  { lost }: Extract<Symptom, { readonly kind: "slow-reader" }>,
): Explanation {
  return lost
    ? {
        cause: "the connection was given up while it was blocked",
        cure: "raise what counts while a write is blocked: proxy_send_timeout and send_timeout",
      }
    : {
        cause: "what stands between takes in what it cannot pass on",
        cure: "bound its buffers; nginx holds proxy_buffer_size a direction",
      };
}
