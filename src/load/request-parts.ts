/**
 * What a target wants said in the request that opens a WebSocket, whatever the version of HTTP.
 */
import type { UpgradeRequestOptions } from "../websocket/upgrade-request.js";
import type { Target } from "./messages.js";

export function requestParts({
  path,
  hostHeader,
  origin,
  subprotocols,
  fields,
}: Target): UpgradeRequestOptions {
  return { path, host: hostHeader, origin, subprotocols, extraFields: fields };
}
