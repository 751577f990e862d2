/**
 * One arm's proxy: a private folder with a config in it, checked once and started afresh for every trial.
 */
import type { ProcessGuard } from "../../base/owned-process.js";
import type { Secrets } from "../../base/secrets.js";
import type { ProxyProgram } from "../program/program-spec.js";
import type { BackendAddress } from "../proxy.js";
import type { ProxyLaunch } from "./launch.js";

export interface ProxyInstance {
  readonly program: ProxyProgram;
  readonly launch: ProxyLaunch;
  /** The private folder that it works in. */
  readonly prefix: string;
  /** Listening sockets of the config; the first is the one that is measured. */
  readonly listenCount: number;
  readonly backend: BackendAddress;
  readonly guard: ProcessGuard;
  /** Of the config, which the proxy's words may repeat. */
  readonly secrets: Secrets;
  /** What the config is called in messages: the user's own file, or "the built-in config". */
  readonly configName: string;
}
