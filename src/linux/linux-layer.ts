/**
 * Whether the system calls in this folder can be used at all: on Linux, on a processor whose structure layouts are
 * known here, with koffi's prebuilt binary in place. Any platform may ask.
 */
import { createRequire } from "node:module";
import { messageOf } from "../base/errors.js";

export type LayerAvailability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string };

type Koffi = typeof import("koffi");

/** Structures and numbers are written down for these two; others (MIPS, PowerPC) have other socket options. */
const knownProcessors: readonly string[] = ["x64", "arm64"];

let loaded: Koffi | null = null;

/** Loads koffi on the first call that gets so far. It is asked for here alone, so that elsewhere nothing loads it. */
export function isLinuxLayerAvailable(): LayerAvailability {
  if (process.platform !== "linux") return { available: false, reason: `${process.platform} is not Linux` };
  if (!knownProcessors.includes(process.arch)) {
    return { available: false, reason: `unknown structure layouts on ${process.arch}` };
  }
  try {
    loaded ??= createRequire(import.meta.url)("koffi") as Koffi;
    return { available: true };
  } catch (error) {
    return { available: false, reason: `koffi does not load: ${messageOf(error)}` };
  }
}

/** @throws Error where the layer is not available: ask `isLinuxLayerAvailable` first */
export function koffi(): Koffi {
  if (loaded !== null) return loaded;
  const state = isLinuxLayerAvailable();
  if (loaded === null) throw new Error(state.available ? "koffi is gone" : state.reason);
  return loaded;
}
