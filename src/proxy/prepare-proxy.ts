/**
 * From an arm's target to a proxy that is ready to be started.
 */
import { assertNever } from "../base/assert-never.js";
import type { ArmTarget } from "../scenario/arm.js";
import { configRequest } from "./config-request.js";
import { prepareDirect, prepareUrl } from "./direct.js";
import { drivers } from "./drivers.js";
import { prepareEmbedded } from "./embedded.js";
import { prepareOwnImage } from "./own-image.js";
import type { PreparedProxy, ProxySetting } from "./proxy.js";

/**
 * @throws UsageError when a setting or a config file is not one wsrally can use
 * @throws EnvironmentError when the proxy is missing or refuses its config
 */
export async function prepareProxy(
  target: ArmTarget,
  set: Readonly<Record<string, string>>,
  setting: ProxySetting,
  signal: AbortSignal,
): Promise<PreparedProxy> {
  signal.throwIfAborted();
  switch (target.kind) {
    case "direct":
      return prepareDirect(setting);
    case "embedded":
      return prepareEmbedded(setting, set);
    case "url":
      return target.container === undefined
        ? prepareUrl(target.url)
        : prepareOwnImage(target.url, target.container, setting);
    case "proxy": {
      const request = {
        ...configRequest(target, set, setting),
        folder: setting.folder,
        guard: setting.guard,
        signal,
      };
      return drivers[target.proxy].prepare(request);
    }
    default:
      return assertNever(target);
  }
}
