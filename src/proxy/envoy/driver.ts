/**
 * Envoy, as wsrally asks for a kind of proxy.
 */
import type { ProxyDriver } from "../driver.js";
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
  explainRefusal: () => null,
  readLogLine,
  configs: null,
  confinement: null,
  hints: {
    upgrade: "upgrade_configs: [{ upgrade_type: websocket }]",
    host: null,
    idle: "stream_idle_timeout: 3600s",
    tls: "transport_socket: { name: envoy.transport_sockets.tls … }",
    idleDefaults: [{ seconds: 300, whose: "Envoy's stream_idle_timeout by default" }],
  },
  plan: null,
};
