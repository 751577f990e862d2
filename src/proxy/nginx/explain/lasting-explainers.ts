/**
 * What explains a trouble of a WebSocket that is open, or of many at once: times, limits, slow readers.
 */
import type { Explainers } from "./reading.js";

export const lastingExplainers: Explainers = {};
