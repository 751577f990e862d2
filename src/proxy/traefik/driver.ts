/**
 * Traefik, as wsrally asks for a kind of proxy.
 */
import type { ProxyDriver } from "../driver.js";
import { goPlan } from "../go-limits.js";
import { foretellTraefik, prepareTraefik } from "./run/prepare-traefik.js";
import { readLogLine } from "./run/read-log-line.js";
import { parseTraefikSettings, settableNames } from "./run/settings.js";
import { filesPerConnection, ownFiles } from "./run/template.js";
import { traefikProgram } from "./run/traefik-program.js";

export const traefikDriver: ProxyDriver = {
  kind: "traefik",
  title: "Traefik",
  program: traefikProgram,
  settings: { names: settableNames, check: (set) => void parseTraefikSettings(set) },
  foretell: foretellTraefik,
  prepare: prepareTraefik,
  explainRefusal: () => null,
  readLogLine,
  configs: null,
  confinement: null,
  hints: {
    upgrade: null,
    host: null,
    idle: null,
    tls: "tls: {} (router), tls.certificates",
    idleDefaults: [],
  },
  plan: (load) => goPlan(load, { filesPerConnection, ownFiles }),
};
