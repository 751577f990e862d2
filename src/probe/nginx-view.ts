/**
 * The directives of an nginx config, for those checks that still read them themselves.
 */
import type { Secrets } from "../base/secrets.js";
import {
  type ConfigView,
  parseConfigTree,
  readConfigTree,
  viewConfig,
} from "../proxy/nginx/explain/config-view.js";
import { maskTree } from "../proxy/nginx/language/mask-config.js";
import type { PreparedProxy } from "../proxy/proxy.js";
import { isNginx } from "./is-nginx.js";
import type { ProbeSettings } from "./probe-settings.js";

export function nginxView(
  { arm, serverName }: ProbeSettings,
  { configText }: PreparedProxy,
  { path, secrets }: { readonly path: string; readonly secrets: Secrets },
): ConfigView | null {
  if (!isNginx(arm) || configText === null) return null;
  const tree =
    arm.configFile === null
      ? parseConfigTree(configText)
      : maskTree(readConfigTree(arm.configFile, arm.confinedTo), secrets.found);
  return viewConfig(tree, path, serverName);
}
