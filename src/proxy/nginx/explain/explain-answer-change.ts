/**
 * Why the backend's 101 does not come back as it was sent, or why it sent none: headers of the handshake that are hidden,
 * added or left out, and heads that do not fit.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { placeOf, written } from "../language/nginx-tree.js";
import type { ConfigView } from "./config-view.js";
import { explainUpstreamError } from "./explain-upstream-error.js";
import { speaksHttp11ByDefault } from "./nginx-versions.js";
import type { Reading } from "./reading.js";

type Of<Kind extends Symptom["kind"]> = Extract<Symptom, { readonly kind: Kind }>;

export function explainHttpVersion(
  { view, version }: Reading,
  { version: spoken }: Of<"http-version">,
): Explanation {
  const [found] = view.effective("proxy_http_version");
  const line = found === undefined ? null : written(found);
  const cure = `in ${view.where}:\nproxy_http_version 1.1;`;
  if (spoken === "2") return { cause: line ?? "`proxy_http_version 2`", cure };
  return {
    title: "the proxy speaks HTTP/1.0 to the backend, in which Upgrade has no meaning",
    cause:
      line ??
      `nginx ${version} speaks HTTP/1.0 to its upstreams unless told otherwise (1.1 by default since 1.29.7); ` +
        "some backends answer 101 all the same, Python's websockets answers 505",
    cure:
      line !== null && speaksHttp11ByDefault(version)
        ? "take the line out: 1.1 is the default of this nginx"
        : cure,
  };
}

export function explainLostAnswer({ view }: Reading, { log }: Of<"answer-lost">): Explanation | null {
  const told = explainUpstreamError(log, view);
  const [first] = log;
  if (told !== null || first === undefined) return told;
  return {
    cause: first.line,
    cure: "see the proxy's log; proxy_buffer_size must hold the backend's whole response head",
  };
}

const answerHeaders = /^(upgrade|connection|sec-websocket-\w+)$/i;

export function explainChangedAnswer({ view }: Reading): Explanation | null {
  const names = ["proxy_hide_header", "more_clear_headers", "more_set_headers", "add_header"];
  const found = names
    .flatMap((name) => view.effective(name))
    .find(({ args }) => args.some((word) => answerHeaders.test(word.replace(/:.*$/s, ""))));
  if (found === undefined) {
    return {
      cause: "something between the two changes the handshake's answer",
      cure: "take out what hides or adds headers: proxy_hide_header, add_header, more_set_headers",
    };
  }
  return {
    cause: `${written(found)} changes the handshake's answer, which clients check`,
    cure: `take the line at ${placeOf(found.origin)} out`,
  };
}

export function explainLostKey({ view }: Reading): Explanation {
  const [off] = view.effective("proxy_pass_request_headers");
  return {
    cause:
      off === undefined ? "something between takes out or changes the Sec-WebSocket headers" : written(off),
    cure: "take out the line that changes them: nginx passes Sec-WebSocket-Key and -Version on by itself",
  };
}

export function explainRequestHead({ view }: Reading): Explanation {
  const buffers = wordsOf(
    view,
    "large_client_header_buffers",
    "large_client_header_buffers (4 of 8k unless set)",
  );
  return {
    cause: `a header line has to fit one of ${buffers}; browsers send cookies of up to 4 KiB each`,
    cure: "in the first server of the port, or in http:\nlarge_client_header_buffers 4 16k;",
  };
}

export function explainResponseHead({ view }: Reading, { log }: Of<"response-head-refused">): Explanation {
  return (
    explainUpstreamError(log, view) ?? {
      cause: "the backend's response head does not fit the proxy's buffer",
      cure: "in the location:\nproxy_buffer_size 16k;",
    }
  );
}

export function explainHiddenRefusal({ view }: Reading): Explanation {
  const intercepts = wordsOf(view, "proxy_intercept_errors", "the proxy");
  return {
    cause: `${intercepts} with ${wordsOf(view, "error_page", "a page of its own")}: whoever looks for why a WebSocket does not connect is led astray`,
    cure: `in ${view.where}:\nproxy_intercept_errors off;`,
  };
}

function wordsOf(view: ConfigView, name: string, otherwise: string): string {
  const [found] = view.effective(name);
  return found === undefined ? otherwise : written(found);
}
