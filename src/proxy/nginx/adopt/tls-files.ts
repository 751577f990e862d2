/**
 * The files that TLS directives name, as far as they may be read: a certificate, a key, or a copy for nginx.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { accessSync, constants, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { noFiles } from "../confine/confine-config.js";
import { type Directive, placeOf } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

export function pathOf({ args }: Directive, { configFolder }: Adoption): string {
  const [file = ""] = args;
  return isFile(file) ? resolve(configFolder, file) : file;
}

/** The name of a copy in the private folder; as written where there is nothing to copy. */
export function nameOf(node: Directive, adoption: Adoption): string {
  refuseEngine(node);
  const path = pathOf(node, adoption);
  if (!isFile(path)) return path;
  // nginx has words for one that is not there, but is not to open what wsrally may not.
  return adoption.copyOf(path, node) ?? (adoption.confinedTo === null ? path : join(noFiles, basename(path)));
}

/** Neither inline, nor known at a handshake only. */
function isFile(path: string): boolean {
  return !path.includes("$") && !/^(data|engine|store):/.test(path);
}

export function readCertificate(certificate: Directive, adoption: Adoption): X509Certificate | null {
  try {
    return new X509Certificate(readWithin(pathOf(certificate, adoption), adoption));
  } catch {
    // Missing, kept from this user, or no certificate: it is replaced.
    return null;
  }
}

/** Whether nginx could open the file. */
export function isThere(certificate: Directive, adoption: Adoption): boolean {
  try {
    const path = adoption.reach.fileAt(pathOf(certificate, adoption));
    if (path === null) return false;
    accessSync(path, constants.R_OK);
    // nginx would wait for a pipe's writer.
    return statSync(path).isFile();
  } catch {
    // Missing, or kept from this user.
    return false;
  }
}

export function readKey(key: Directive, adoption: Adoption): KeyObject | null {
  try {
    return createPrivateKey(readWithin(pathOf(key, adoption), adoption));
  } catch {
    // Missing, kept from this user, or under a password: it is replaced.
    return null;
  }
}

/** @throws as readSmallFile does, also for what is out of a stranger's reach */
function readWithin(path: string, { reach }: Adoption): Buffer {
  const file = reach.fileAt(path);
  if (file === null) throw new RangeError(`${path} is not there, or out of reach`);
  return readSmallFile(file);
}

/** Where there is nothing that could take its place. */
function refuseEngine({ name, args, origin }: Directive): void {
  if (!/^(engine|store):/.test(args[0] ?? "")) return;
  throw new UsageError(
    `Cannot adopt ${placeOf(origin)}: ${name} ${args[0]} would run an engine's code; name a file in a copy`,
  );
}
