/**
 * Apache, as wsrally asks for a kind of proxy.
 */
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ProxyDriver } from "../driver.js";
import { namedFiles } from "./adopt/named-files.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { planDirectives } from "./explain/plan-directives.js";
import { readWritten } from "./explain/read-written.js";
import { apacheSigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
import { apacheProgram } from "./run/apache-program.js";
import { foretellApache, prepareApache } from "./run/prepare-apache.js";
import { readLogLine } from "./run/read-log-line.js";
import { parseApacheSettings, settableNames } from "./run/settings.js";

export const apacheDriver: ProxyDriver = {
  kind: "apache",
  title: "Apache",
  program: apacheProgram,
  settings: { names: settableNames, check: (set) => void parseApacheSettings(set) },
  foretell: foretellApache,
  prepare: prepareApache,
  explainRefusal: (thrown) => (thrown instanceof ConfigRefusedError ? explainRefusal(thrown.words) : null),
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: ["idle"] },
  confinement: { rules: confinementRules },
  hints: {
    upgrade: "ProxyPass / http://BACKEND/ upgrade=websocket",
    host: "ProxyPreserveHost On",
    idle: "Timeout 3600",
    tls: "SSLEngine On",
    idleDefaults: [{ seconds: 60, whose: "Apache's Timeout" }],
  },
  signs: apacheSigns,
  memory: { kibibytes: 60, tlsKibibytes: 104, measured: "2.4.71, 2026-11-29" },
  plan: planDirectives,
};
