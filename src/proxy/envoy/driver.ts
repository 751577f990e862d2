/**
 * Envoy, as wsrally asks for a kind of proxy.
 */
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ProxyDriver } from "../driver.js";
import { namedFiles } from "./adopt/named-files.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { planFields } from "./explain/plan-fields.js";
import { readWritten } from "./explain/read-written.js";
import { envoySigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
import { envoyProgram } from "./run/envoy-program.js";
import { foretellEnvoy, prepareEnvoy } from "./run/prepare-envoy.js";
import { readLogLine } from "./run/read-log-line.js";
import { parseEnvoySettings, settableNames } from "./run/settings.js";

export const envoyDriver: ProxyDriver = {
  kind: "envoy",
  title: "Envoy",
  program: envoyProgram,
  settings: { names: settableNames, check: (set) => void parseEnvoySettings(set) },
  foretell: foretellEnvoy,
  prepare: prepareEnvoy,
  explainRefusal: (thrown) => (thrown instanceof ConfigRefusedError ? explainRefusal(thrown.words) : null),
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: ["idle"] },
  confinement: { rules: confinementRules },
  hints: {
    upgrade: "upgrade_configs: [{ upgrade_type: websocket }]",
    host: null,
    idle: "stream_idle_timeout: 3600s",
    tls: "transport_socket: { name: envoy.transport_sockets.tls … }",
    idleDefaults: [{ seconds: 300, whose: "Envoy's stream_idle_timeout by default" }],
  },
  signs: envoySigns,
  memory: { kibibytes: 54, tlsKibibytes: 59, measured: "1.40.0, 2026-11-29" },
  plan: planFields,
};
