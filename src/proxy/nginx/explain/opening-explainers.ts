/**
 * What explains a trouble of the opening handshake: the request, its answer, and what is in their heads.
 */
import type { Explainers } from "./reading.js";

export const openingExplainers: Explainers = {};
