/**
 * Caddy, as wsrally asks for a kind of proxy.
 */
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ProxyDriver } from "../driver.js";
import { goPlan } from "../go-limits.js";
import { namedFiles } from "./adopt/named-files.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { readWritten } from "./explain/read-written.js";
import { caddySigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
import { caddyProgram } from "./run/caddy-program.js";
import { foretellCaddy, prepareCaddy } from "./run/prepare-caddy.js";
import { readLogLine } from "./run/read-log-line.js";
import { parseCaddySettings, settableNames } from "./run/settings.js";
import { filesPerConnection, ownFiles } from "./run/template.js";

export const caddyDriver: ProxyDriver = {
  kind: "caddy",
  title: "Caddy",
  program: caddyProgram,
  settings: { names: settableNames, check: (set) => void parseCaddySettings(set) },
  foretell: foretellCaddy,
  prepare: prepareCaddy,
  explainRefusal: (thrown) => (thrown instanceof ConfigRefusedError ? explainRefusal(thrown.words) : null),
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: ["idle", "shutdown"] },
  confinement: { rules: confinementRules },
  hints: { upgrade: null, host: null, idle: null, tls: "tls CERTIFICATE KEY", idleDefaults: [] },
  signs: caddySigns,
  memory: { kibibytes: 104, tlsKibibytes: 104, measured: "2.11.7, 2026-11-29" },
  plan: (load) => goPlan(load, { filesPerConnection, ownFiles }),
};
