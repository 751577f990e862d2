/**
 * What somebody most likely meant who wrote an arm that is none.
 */
import { maskUrl } from "../base/mask-secrets.js";
import { meantWords } from "../base/nearest-name.js";
import { kindCalled, kindToldByName, proxyKinds } from "./proxy-kind.js";

/** Arms that need no program of somebody else's. */
const ownArms = ["direct", "embedded"];

/** ` (did you mean …?)`, or nothing. @param text without a name in front */
export function armHint(text: string): string {
  const [kind = ""] = text.split(":");
  const called = kindCalled(kind);
  if (called !== null) return meant(called);
  if (/^https?:\/\//i.test(text))
    return ` (${maskUrl(text.replace(/^http/i, "ws"))} perhaps; a WebSocket's URL starts with ws:// or wss://)`;
  const near = meantWords(kind.toLowerCase(), [...proxyKinds, ...ownArms]);
  if (near !== "") return near;
  if (/^[A-Za-z0-9.-]+:\d{1,5}(\/|$)/.test(text)) return ` (ws://${text} perhaps)`;
  const [, other] = /^([a-z][a-z0-9-]*):(?!\/\/)./.exec(text) ?? [];
  if (other !== undefined) return ` (wsrally runs no ${other} yet)`;
  const told = /[./]/.test(text) ? kindToldByName(text) : null;
  return told === null || text.includes(":") ? "" : meant(`${told}:${text}`);
}

function meant(text: string): string {
  return ` (did you mean ${text}?)`;
}
