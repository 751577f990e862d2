/**
 * What a request without an upgrade is answered: the home page at `/`; on the WebSocket's own path what is missing
 * (RFC 9110, 15.5.22).
 */
import { homePage } from "./home-page.js";

interface PlainAnswer {
  readonly status: 200 | 404 | 426;
  readonly contentType: string;
  readonly body: string;
}

const text = "text/plain; charset=utf-8";

/** To whoever looks whether somebody is there, on whichever path. */
export const healthyAnswer: PlainAnswer = { status: 200, contentType: text, body: "ok\n" };

/**
 * @param asked the request's path, without its query
 * @param path of the WebSocket; null for any
 */
export function plainAnswer(asked: string, path: string | null): PlainAnswer {
  if (asked === "/") {
    return { status: 200, contentType: "text/html; charset=utf-8", body: homePage(path ?? "/sock") };
  }
  if (path !== null && asked !== path) return { status: 404, contentType: text, body: "Not found.\n" };
  const body = "This is a WebSocket: the request came without Upgrade: websocket.\n";
  return { status: 426, contentType: text, body };
}
