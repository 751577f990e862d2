/**
 * What the config alone shows, whatever was seen: one function a thing, each in a file of its own.
 */
import type { Finding } from "../../../diagnosis/finding.js";
import { adviseBuffering } from "./advise-buffering.js";
import { adviseHandshakes } from "./advise-handshakes.js";
import { advisePortScheme } from "./advise-port-scheme.js";
import { adviseResolver } from "./advise-resolver.js";
import { adviseRoutes } from "./advise-routes.js";
import { adviseStickiness } from "./advise-stickiness.js";
import { adviseWorkers } from "./advise-workers.js";
import type { Reading } from "./reading.js";

type Adviser = (reading: Reading) => readonly Finding[];

const advisers: readonly Adviser[] = [
  advisePortScheme,
  adviseResolver,
  adviseRoutes,
  adviseWorkers,
  adviseHandshakes,
  adviseBuffering,
  adviseStickiness,
];

export function advise(reading: Reading): readonly Finding[] {
  return advisers.flatMap((adviser) => adviser(reading));
}
