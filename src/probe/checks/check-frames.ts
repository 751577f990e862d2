/**
 * Whether what follows a 101 are frames, as RFC 6455 has them, and no more than a client can be meant to take.
 */
import { type Finding, type FindingSide, fault, ok, warning } from "../../diagnosis/finding.js";
import type { WebSocketEnd } from "../websocket-end.js";

/** @param side whose doing it would be @param receiver where it was seen */
export function checkFrames(end: WebSocketEnd, side: FindingSide, receiver: "client" | "backend"): Finding {
  const broken = end.find("protocol");
  const came = `${receiver} received after the handshake: ${end.receivedBytes.toLocaleString("en")} bytes, the first ${inHex(end.firstBytes)}`;
  if (broken !== undefined) {
    return fault("frames", {
      side,
      title: "what follows the 101 is no WebSocket: clients end it at once",
      evidence: [came, `in them: ${broken.words}`],
      cause:
        side === "unknown"
          ? "who answers agrees to the upgrade and does not keep to RFC 6455, or something between changes the bytes"
          : "what stands between changes the frames",
      cure: "see what listens there, and its log; a server's frames are written by a WebSocket library, unmasked, text and close reasons in UTF-8",
    });
  }
  if (!end.isFlooded) return ok("frames", [], side);
  const counts = (["message", "ping", "pong"] as const)
    .filter((kind) => end.count(kind) > 0)
    .map((kind) => `${end.count(kind).toLocaleString("en")} ${kind}s`);
  return warning("frames", {
    side,
    title: "the server sends without end, and unasked",
    evidence: [came, `${counts.join(" and ")}; what came after that was not read`],
    cause: "a server that pushes as fast as its connection takes it, or goes round in a circle",
    cure: "see its log; a client that is slower than this server is cut off or runs out of memory",
  });
}

function inHex(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
