/**
 * What a proxy is told to do about things that clients see from outside, for a proxy that wsrally does not run: which one
 * it is, nobody knows there.
 */

import type { ProxyHints } from "./driver.js";
import { drivers } from "./drivers.js";

/** "nginx: `proxy_read_timeout 3600s;`, HAProxy: `timeout tunnel 1h`", of those that need to be told. */
export function hintWords(about: Exclude<keyof ProxyHints, "idleDefaults">): string {
  return Object.values(drivers)
    .flatMap(({ title, hints }) => (hints[about] === null ? [] : [`${title}: \`${hints[about]}\``]))
    .join(", ");
}

/** From their own documents. */
const others = [{ seconds: 60, whose: "an AWS load balancer's idle timeout" }];

/** Times after which proxies end a quiet WebSocket unless they are told otherwise. */
export function idleDefaults(): readonly { readonly seconds: number; readonly whose: string }[] {
  return [...Object.values(drivers).flatMap(({ hints }) => hints.idleDefaults), ...others];
}
