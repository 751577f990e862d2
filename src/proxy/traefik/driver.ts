/**
 * Traefik, as wsrally asks for a kind of proxy.
 */
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ProxyDriver } from "../driver.js";
import { goPlan } from "../go-limits.js";
import { namedFiles } from "./adopt/named-files.js";
import { confinementRules } from "./confine/confinement-rules.js";
import { explainRefusal } from "./explain/explain-refusal.js";
import { readWritten } from "./explain/read-written.js";
import { traefikSigns } from "./explain/signs.js";
import { maskConfigText } from "./language/mask-config.js";
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
  explainRefusal: (thrown) => (thrown instanceof ConfigRefusedError ? explainRefusal(thrown.words) : null),
  readLogLine,
  configs: { read: readWritten, namedFiles, mask: maskConfigText, canVary: [] },
  confinement: { rules: confinementRules },
  hints: {
    upgrade: null,
    host: null,
    idle: null,
    tls: "tls: {} (router), tls.certificates",
    idleDefaults: [],
  },
  signs: traefikSigns,
  memory: { kibibytes: 100, tlsKibibytes: 113, measured: "3.7.15, 2026-11-29" },
  plan: (load) => goPlan(load, { filesPerConnection, ownFiles }),
};
