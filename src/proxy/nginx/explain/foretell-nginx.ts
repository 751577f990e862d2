/**
 * What an nginx's config foretells of the run that it is prepared for, before anything runs.
 */
import { backendAddresses } from "../../instance/address-marks.js";
import type { ForetoldProxy, ProxyWish } from "../../proxy.js";
import type { RunnableConfig } from "../adopt/runnable-config.js";
import { viewConfig } from "./config-view.js";
import { nginxLimits } from "./foretell-limits.js";
import { nginxFacts } from "./nginx-facts.js";
import { autoWorkersOf } from "./worker-room.js";

/** Where the built-in config takes any path, and a config proxies nothing. */
const usualPath = "/sock";

/** @param build what `nginx -V` says; null where it is not known which nginx it will be */
export function foretellNginx(
  { tree, tls, isSized, webSocket }: Pick<RunnableConfig, "tree" | "tls" | "isSized" | "webSocket">,
  { path, serverName, backend }: Pick<ProxyWish, "path" | "serverName" | "backend">,
  build: string | null,
): ForetoldProxy {
  const autoWorkers = autoWorkersOf(build);
  const asked = path ?? webSocket?.path ?? usualPath;
  const view = viewConfig(tree, asked, serverName);
  const facts = nginxFacts(view, { path: asked, autoWorkers });
  const addresses = backendAddresses(backend).length;
  return {
    tls,
    facts,
    limits: (machine) =>
      nginxLimits({ view, facts, autoWorkers, backendAddresses: addresses, isSized }, machine),
  };
}
