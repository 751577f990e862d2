/**
 * nginx, as wsrally asks for a kind of proxy.
 */
import type { ConfigRequest, PrepareRequest, ProxyDriver, ProxyHints } from "../driver.js";
import type { ForetoldProxy, PreparedProxy, ProxyWish } from "../proxy.js";
import { makeRunnable } from "./adopt/make-runnable.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { foretellNginx } from "./explain/foretell-nginx.js";
import { planDirectives } from "./explain/plan-directives.js";
import { readWritten } from "./explain/read-written.js";
import { nginxSigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
import { namedFiles } from "./language/named-files.js";
import { nginxSpec } from "./run/nginx-pin.js";
import { parseNginxSettings, settableNames } from "./run/nginx-settings.js";
import { prepareNginx } from "./run/prepare-nginx.js";
import { readLogLine } from "./run/read-log-line.js";

const hints: ProxyHints = {
  upgrade:
    'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";',
  host: "proxy_set_header Host $http_host;",
  idle: "proxy_read_timeout 3600s;",
  tls: "listen PORT ssl;",
  idleDefaults: [{ seconds: 60, whose: "nginx's proxy_read_timeout by default" }],
};

export const nginxDriver: ProxyDriver = {
  kind: "nginx",
  title: "nginx",
  program: nginxSpec,
  settings: { names: settableNames, check: (set) => void parseNginxSettings(set) },
  foretell,
  prepare,
  explainRefusal,
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: ["idle", "shutdown"] },
  confinement: { rules: confinementRules },
  hints,
  signs: nginxSigns,
  memory: { kibibytes: 25, tlsKibibytes: 54, measured: "1.31.3, 2026-11-29" },
  plan: planDirectives,
};

async function foretell(request: ConfigRequest): Promise<ForetoldProxy> {
  const wish = wishOf(request);
  const runnable = await makeRunnable(...sourceOf(request), wish);
  if (runnable.obstacle !== null) throw runnable.obstacle;
  return foretellNginx(runnable, wish, null);
}

function prepare(request: PrepareRequest): Promise<PreparedProxy> {
  const { folder, guard, signal } = request;
  const [configFile, set] = sourceOf(request);
  const setting = { ...wishOf(request), folder, guard };
  return prepareNginx({ configFile, set, setting, signal });
}

function sourceOf({
  source,
}: ConfigRequest): [configFile: string | null, set: Readonly<Record<string, string>>] {
  return source.kind === "file" ? [source.file, {}] : [null, source.set];
}

function wishOf({ access, upstream, ...rest }: ConfigRequest): ProxyWish {
  return { ...rest, keepsAccess: access === "kept", keepsUpstream: upstream === "as-configured" };
}
