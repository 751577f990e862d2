/**
 * Keeps all that nginx writes inside the private prefix, and all that it reads where the user's file means it.
 */
import { resolve } from "node:path";
import { noFiles } from "../confine/confine-config.js";
import { type Directive, directive, type Path, rewrite } from "../language/nginx-tree.js";
import { errorLogFile, pidFile } from "../run/nginx-instance.js";
import { temporaryPathDirectives } from "../run/nginx-template.js";
import type { Adoption } from "./adoption.js";

const droppedNames = new Set([
  "daemon",
  "pid",
  "lock_file",
  "user",
  "working_directory",
  "worker_rlimit_core",
]);
const singleNames = new Set(["daemon", "pid"]);
const temporaryPath = /^(client_body|proxy|fastcgi|uwsgi|scgi)_temp_path$/;
const cachePath = /^(proxy|fastcgi|uwsgi|scgi)_cache_path$/;
/** Read from beside the config, and loaded as soon as it is read. */
const optionalFiles = new Set([
  "ssl_dhparam",
  "ssl_crl",
  "ssl_password_file",
  "ssl_session_ticket_key",
  "ssl_stapling_file",
]);
/** Read when a request comes. */
const lateFiles = new Set(["auth_basic_user_file", "auth_jwt_key_file"]);

export function adoptPaths(tree: readonly Directive[], adoption: Adoption): Directive[] {
  let cacheCount = 0;
  const seen = new Set<string>();
  const logNames = new Map<string, string>();
  const adopted = rewrite(tree, (node, path) => {
    const { name, args, origin } = node;
    if (name === "http") return [withHttpDefaults(node, path)];
    // wsrally's own lines are as they should be.
    if (origin === null || args.length === 0) return [node];
    // A second one is an error that nginx is to tell of.
    const isSecond = singleNames.has(name) && seen.has(name);
    seen.add(name);
    if (isSecond) return [node];
    if ((path.length === 0 && droppedNames.has(name)) || temporaryPath.test(name)) {
      adoption.note(`${name} is the run's own`, origin);
      return [];
    }
    if (cachePath.test(name)) {
      adoption.note(`${name} ${args[0]} lies in the run's private folder`, origin);
      return [{ ...node, args: [`cache-${cacheCount++}`, ...args.slice(1)] }];
    }
    if (name === "error_log" || name === "access_log") return [adoptLog(node, logNames, adoption)];
    if (optionalFiles.has(name)) return adoptFile(node, adoption);
    if (lateFiles.has(name)) return [adoptLateFile(node, adoption)];
    return [node];
  });
  const hasErrorLog = adopted.some(({ name }) => name === "error_log");
  return [
    directive("daemon", "off"),
    directive("pid", pidFile),
    ...(hasErrorLog ? [] : [directive("error_log", errorLogFile)]),
    ...adopted,
  ];
}

function adoptLog(node: Directive, names: Map<string, string>, adoption: Adoption): Directive {
  const [target = "", ...rest] = node.args;
  if (target === "off" && node.name === "access_log") return node;
  adoption.note("Logs are written into the run's private folder", node.origin);
  if (node.name === "error_log") return { ...node, args: [errorLogFile, ...rest] };
  // Each has a file of its own: nginx wants one file's buffers to be the same everywhere.
  const name = names.get(target) ?? (names.size === 0 ? accessLogFile : `access-${names.size + 1}.log`);
  names.set(target, name);
  return { ...node, args: [name, ...rest] };
}

const accessLogFile = "access.log";

/** What nginx would do by default at paths compiled into it. */
function withHttpDefaults(http: Directive, path: Path): Directive {
  if (path.length > 0) return http;
  const logs = (http.block ?? []).some(({ name }) => name === "access_log");
  return {
    ...http,
    block: [
      ...temporaryPathDirectives(),
      ...(logs ? [] : [directive("access_log", accessLogFile)]),
      ...(http.block ?? []),
    ],
  };
}

function adoptFile(node: Directive, adoption: Adoption): Directive[] {
  const [file = "", ...rest] = node.args;
  if (file === "off" || (file.includes("$") && adoption.confinedTo === null)) return [node];
  const path = resolve(adoption.configFolder, file);
  const copy = adoption.reach.isOutside(path) ? null : adoption.copyOf(path, node);
  if (copy !== null) return [{ ...node, args: [copy, ...rest] }];
  adoption.note(`${node.name} was left out: ${file} ${adoption.whyUnread(path)}`, node.origin);
  return [];
}

/** One that is not there is nginx's to tell of, as it would at home. */
function adoptLateFile(node: Directive, adoption: Adoption): Directive {
  const [file = "", ...rest] = node.args;
  const isOpen = file.includes("$");
  if (isOpen && adoption.confinedTo === null) return node;
  const path = resolve(adoption.configFolder, file);
  const copy = isOpen || adoption.reach.isOutside(path) ? null : adoption.copyOf(path, node);
  if (copy === null && adoption.confinedTo !== null) {
    adoption.note(`${node.name} names no file: ${file} is out of reach`, node.origin);
    return { ...node, args: [`${noFiles}/users`, ...rest] };
  }
  return { ...node, args: [copy ?? path, ...rest] };
}
