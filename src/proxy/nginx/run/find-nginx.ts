/**
 * Where an nginx can be had from.
 */
import { findProgram, inspectProgram } from "../../program/find-program.js";
import type { ProxyProgram } from "../../program/program-spec.js";
import { nginxSpec } from "./nginx-pin.js";

export type NginxProgram = ProxyProgram;

/**
 * The nginx that runs will use.
 * @param image whose nginx it is to be; left out for this machine's
 * @throws EnvironmentError when there is none, saying how to get one, or when it does not run
 */
export function findNginx(image?: string): Promise<NginxProgram> {
  return findProgram(nginxSpec, image);
}

/** @throws EnvironmentError when it does not run, or is no nginx */
export function inspectNginx(path: string, source: string): Promise<NginxProgram> {
  return inspectProgram(nginxSpec, path, source);
}
