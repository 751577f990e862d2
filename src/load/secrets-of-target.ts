/** What a target's handshake holds in confidence, wherever a server says it again. */
import { Secrets } from "../base/secrets.js";
import { fillText } from "../websocket/filled-text.js";
import type { Target } from "./messages.js";

/** Each is looked for in every text: no more than take a moment. */
const rowsHidden = 1000;

type Handshake = Pick<Target, "fields" | "subprotocols" | "rows"> & {
  readonly path: Target["path"] | null;
  readonly hidden: Target["hidden"];
};

/** @returns hides it in a text; what it looks for is gathered with the first: of rows the first thousand */
export function hiderOf({ path, fields, subprotocols, rows, hidden }: Handshake): (text: string) => string {
  let secrets: Secrets | null = null;
  const gather = (): Secrets => {
    const found = new Secrets();
    for (const row of rows.length === 0 ? [[]] : rows.slice(0, rowsHidden)) {
      if (path !== null) found.addUrl(fillText(path, row));
      for (const { name, value } of fields) found.addHeader(name, fillText(value, row));
    }
    for (const value of hidden) found.addHeader("", value);
    for (const name of subprotocols) found.addHeader("Sec-WebSocket-Protocol", name);
    return found;
  };
  return (text) => {
    secrets ??= gather();
    return secrets.hide(text);
  };
}
