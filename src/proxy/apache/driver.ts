/**
 * Apache, as wsrally asks for a kind of proxy.
 */
import type { ProxyDriver } from "../driver.js";
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
  explainRefusal: () => null,
  readLogLine,
  configs: null,
  confinement: null,
  hints: {
    upgrade: "ProxyPass / http://BACKEND/ upgrade=websocket",
    host: "ProxyPreserveHost On",
    idle: "Timeout 3600",
    tls: "SSLEngine On",
    idleDefaults: [{ seconds: 60, whose: "Apache's Timeout" }],
  },
  plan: null,
};
