/**
 * Ends of HTTP/2 streams and connections as failures.
 */
import { type ConnectionError, errorNameOf } from "../http2/frame-types.js";
import type { ConnectionFault } from "./engine.js";

export function streamReset(code: number): ConnectionFault {
  return { kind: "stream-reset", code, detail: `RST_STREAM ${errorNameOf(code)}` };
}

export function wentAway(code: number): ConnectionFault {
  return { kind: "goaway", code, detail: `GOAWAY ${errorNameOf(code)}` };
}

/** @param goaway the error code of a GOAWAY that came before: behind it every end is the connection's */
export function endOf(goaway: number | null, fault: ConnectionFault): ConnectionFault {
  return goaway === null ? fault : wentAway(goaway);
}

/** @param detail what there was instead */
export function http2Missing(detail: string): ConnectionFault {
  return { kind: "http2-missing", code: null, detail };
}

export function protocolBroken({ name, detail }: ConnectionError): ConnectionFault {
  return name === "HTTP_1_1_REQUIRED"
    ? http2Missing(detail)
    : { kind: "protocol", code: null, detail: `HTTP/2 ${name}: ${detail}` };
}
