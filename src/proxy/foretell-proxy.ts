/**
 * What is known of an arm's proxy from its config alone: nothing of it is started.
 */
import { assertNever } from "../base/assert-never.js";
import type { ArmTarget } from "../scenario/arm.js";
import { configRequest } from "./config-request.js";
import { drivers } from "./drivers.js";
import { relayForetold } from "./embedded.js";
import type { ForetoldProxy, ProxyWish } from "./proxy.js";
import { parseRelaySettings } from "./relay-settings.js";

/** @throws UsageError when a setting or a config file is not one wsrally can use */
export async function foretellProxy(
  target: ArmTarget,
  set: Readonly<Record<string, string>>,
  wish: ProxyWish,
): Promise<ForetoldProxy> {
  switch (target.kind) {
    case "direct":
      return { tls: false, facts: null, limits: () => [] };
    case "url":
      return { tls: target.url.startsWith("wss:"), facts: null, limits: () => [] };
    case "embedded":
      parseRelaySettings(set);
      return relayForetold;
    case "proxy":
      return drivers[target.proxy].foretell(configRequest(target, set, wish));
    default:
      return assertNever(target);
  }
}
