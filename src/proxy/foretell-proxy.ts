/**
 * What is known of an arm's proxy from its config alone: nothing is started, and no program looked for.
 */
import { assertNever } from "../base/assert-never.js";
import type { ArmTarget } from "../scenario/arm.js";
import { relayForetold } from "./embedded.js";
import { foretellNginx } from "./nginx/explain/foretell-nginx.js";
import { makeRunnable } from "./nginx/make-runnable.js";
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
    case "nginx": {
      const confinedTo = target.configFile === null ? null : target.confinedTo;
      const runnable = await makeRunnable(target.configFile, set, { ...wish, confinedTo });
      if (runnable.obstacle !== null) throw runnable.obstacle;
      return foretellNginx(runnable, wish, null);
    }
    default:
      return assertNever(target);
  }
}
