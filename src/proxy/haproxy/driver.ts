/**
 * HAProxy, as wsrally asks for a kind of proxy.
 */
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ProxyDriver, ProxyHints } from "../driver.js";
import { namedFiles } from "./adopt/named-files.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { planDirectives } from "./explain/plan-directives.js";
import { readWritten } from "./explain/read-written.js";
import { haproxySigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
import { haproxyProgram } from "./run/haproxy-program.js";
import { foretellHaproxy, prepareHaproxy } from "./run/prepare-haproxy.js";
import { readLogLine } from "./run/read-log-line.js";
import { parseHaproxySettings, settableNames } from "./run/settings.js";

const hints: ProxyHints = {
  upgrade: null,
  host: null,
  idle: "timeout tunnel 1h",
  tls: "bind :PORT ssl crt FILE",
  idleDefaults: [
    { seconds: 30, whose: "HAProxy's timeout client or server as often set" },
    {
      seconds: 50,
      whose: "HAProxy's timeout client and server of its examples, where timeout tunnel is not set",
    },
  ],
};

export const haproxyDriver: ProxyDriver = {
  kind: "haproxy",
  title: "HAProxy",
  program: haproxyProgram,
  settings: { names: settableNames, check: (set) => void parseHaproxySettings(set) },
  foretell: foretellHaproxy,
  prepare: prepareHaproxy,
  explainRefusal: (thrown) => (thrown instanceof ConfigRefusedError ? explainRefusal(thrown.words) : null),
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: ["idle", "shutdown"] },
  confinement: { rules: confinementRules },
  hints,
  signs: haproxySigns,
  memory: { kibibytes: 9, tlsKibibytes: 24, measured: "2.8.25, 2026-11-29" },
  plan: planDirectives,
};
