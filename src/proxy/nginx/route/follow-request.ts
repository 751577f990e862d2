/**
 * Which block of a server serves a handshake in the end, by nginx's phases: rewrites, the location, its rewrites,
 * try_files, the pass; and again wherever one of them, or an error_page, hands the request on.
 */

import type { AskedRequest } from "../../../diagnosis/symptom.js";
import { compilePattern } from "../../patterns/sample-string.js";
import { matchPattern } from "../../patterns/test-pattern.js";
import type { Directive, Path } from "../language/nginx-tree.js";
import { createState, expand, holds, type RequestState } from "./request-variables.js";
import { locationMatch, selectLocation } from "./select-location.js";

export interface FollowedRequest {
  /** The locations around what serves it, outermost first; none when the server itself does. */
  readonly locations: Path;
  /** An `if` of the innermost that holds. */
  readonly condition: Directive | null;
  /** What handed it on, with the location it came to. */
  readonly hops: readonly RequestHop[];
  /** The `rewrite`s that changed its path, in order. */
  readonly rewrites: readonly Directive[];
  /** What answers it in place of a pass; null where there is a pass, or nothing that could be named. */
  readonly answer: Directive | null;
}

export interface RequestHop {
  readonly by: Directive;
  readonly to: Directive | null;
}

/** nginx's own limit of internal redirects. */
const mostHops = 10;

const passes = /^(proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/;

interface Walk {
  readonly server: Directive;
  readonly outer: Path;
  readonly state: RequestState;
  readonly hops: RequestHop[];
  readonly rewrites: Directive[];
}

/** What a phase comes to. */
type Outcome =
  | { readonly kind: "on"; readonly condition: Directive | null }
  /** The path was changed, so that another location may take it. */
  | { readonly kind: "relocate"; readonly by: Directive }
  | { readonly kind: "answer"; readonly by: Directive; readonly status: string };

/** @param outer the blocks around the server */
export function followRequest(
  tree: readonly Directive[],
  server: Directive,
  asked: AskedRequest,
  outer: Path = tree.filter(({ name }) => name === "http"),
): FollowedRequest {
  const walk: Walk = { server, outer, state: createState(tree, asked), hops: [], rewrites: [] };
  return fromServer(walk);
}

function fromServer(walk: Walk): FollowedRequest {
  const { server, state, hops } = walk;
  const outcome = runCodes(server.block ?? [], walk);
  if (outcome.kind === "answer") return answered(walk, [], outcome);
  const locations = selectLocation(server, state.path);
  const to = locations.at(-1) ?? null;
  const last = hops.at(-1);
  if (last?.to === null) hops[hops.length - 1] = { ...last, to };
  if (outcome.kind === "relocate") hops.push({ by: outcome.by, to });
  return inLocation(walk, locations);
}

function inLocation(walk: Walk, locations: Path): FollowedRequest {
  const { server, hops } = walk;
  const inner = locations.at(-1);
  const block = inner?.block ?? server.block ?? [];
  const internal = block.find(({ name }) => name === "internal");
  if (inner !== undefined && internal !== undefined && hops.length === 0)
    return answered(walk, locations, { kind: "answer", by: internal, status: "404" });
  const outcome: Outcome = inner === undefined ? { kind: "on", condition: null } : runCodes(block, walk);
  if (outcome.kind === "answer") return answered(walk, locations, outcome);
  if (outcome.kind === "relocate") return handOn(walk, locations, outcome.by, null);
  // A condition that holds takes the place of its location, which then has no try_files.
  const files = outcome.condition === null ? block.find(({ name }) => name === "try_files") : undefined;
  if (files !== undefined) return tryFiles(walk, locations, files);
  const { condition } = outcome;
  const served = { locations, condition, hops, rewrites: walk.rewrites, answer: null };
  if ([...(condition?.block ?? []), ...block].some(({ name }) => passes.test(name))) return served;
  const page = errorPage(walk, locations, "404");
  return page === null ? served : toTarget(walk, locations, page);
}

/** The rewrite module's directives, in the order written. */
function runCodes(block: readonly Directive[], walk: Pick<Walk, "state" | "rewrites">): Outcome {
  const { state } = walk;
  let condition: Directive | null = null;
  let changedBy: Directive | null = null;
  for (const node of block) {
    switch (node.name) {
      case "set":
        state.sets.set(
          (node.args[0] ?? "").replace(/^\$/, "").toLowerCase(),
          expand(state, node.args[1] ?? ""),
        );
        break;
      case "break":
        return { kind: "on", condition };
      case "return":
        return {
          kind: "answer",
          by: node,
          status: /^\d+$/.test(node.args[0] ?? "") ? (node.args[0] ?? "") : "302",
        };
      case "rewrite": {
        const flag = node.args[2];
        if (!rewritePath(node, state)) break;
        walk.rewrites.push(node);
        const isRedirect = /^(https?:\/\/|\$scheme)/.test(node.args[1] ?? "");
        if (isRedirect || flag === "redirect" || flag === "permanent")
          return { kind: "answer", by: node, status: flag === "permanent" ? "301" : "302" };
        if (flag === "last") return { kind: "relocate", by: node };
        if (flag === "break") return { kind: "on", condition };
        changedBy = node;
        break;
      }
      case "if": {
        if (holds(state, node) !== true) break;
        condition = node;
        const inner = runCodes(node.block ?? [], walk);
        if (inner.kind !== "on") return inner;
        if ((node.block ?? []).some(({ name }) => name === "break")) return { kind: "on", condition };
      }
    }
  }
  return changedBy === null ? { kind: "on", condition } : { kind: "relocate", by: changedBy };
}

/** Whether the path changes, which it then has. */
function rewritePath({ args }: Directive, state: RequestState): boolean {
  const pattern = compilePattern(args[0] ?? "", "");
  const found = pattern === null ? null : matchPattern(pattern, state.path);
  if (found === null) return false;
  state.captures = found;
  const replacement = expand(state, args[1] ?? "");
  if (replacement === null) return true;
  const [path = "/", ...query] = replacement.split("?");
  state.path = path;
  const added = query.join("?");
  // A question mark at the end keeps the request's own arguments out.
  state.args = replacement.endsWith("?") ? added : [added, state.args].filter((one) => one !== "").join("&");
  return true;
}

function tryFiles(walk: Walk, locations: Path, files: Directive): FollowedRequest {
  const target = files.args.at(-1) ?? "";
  if (target.startsWith("="))
    return answered(walk, locations, { kind: "answer", by: files, status: target.slice(1) });
  return toTarget(walk, locations, { by: files, target });
}

interface Target {
  readonly by: Directive;
  /** A path, or a named location. */
  readonly target: string;
}

function toTarget(walk: Walk, locations: Path, { by, target }: Target): FollowedRequest {
  const { server, state } = walk;
  if (target.startsWith("@")) {
    const named = (server.block ?? []).find((node) => {
      const match = node.name === "location" ? locationMatch(node) : null;
      return match?.kind === "named" && match.text === target;
    });
    return named === undefined ? endedBy(walk, locations, by) : handOn(walk, locations, by, named);
  }
  const expanded = expand(state, target);
  if (expanded === null || !expanded.startsWith("/")) return endedBy(walk, locations, by);
  const [path = "/", ...query] = expanded.split("?");
  state.path = path;
  state.args = query.join("?");
  return handOn(walk, locations, by, null);
}

/** @param named where it goes without a look at the path */
function handOn(walk: Walk, locations: Path, by: Directive, named: Directive | null): FollowedRequest {
  if (walk.hops.length >= mostHops) return endedBy(walk, locations, by);
  walk.hops.push({ by, to: named });
  if (named !== null) return inLocation(walk, [named]);
  if (by.name !== "rewrite") return fromServer(walk);
  const next = selectLocation(walk.server, walk.state.path);
  walk.hops[walk.hops.length - 1] = { by, to: next.at(-1) ?? null };
  return inLocation(walk, next);
}

function answered(
  walk: Walk,
  locations: Path,
  { by, status }: Extract<Outcome, { kind: "answer" }>,
): FollowedRequest {
  const page = errorPage(walk, locations, status);
  if (page === null) return endedBy(walk, locations, by);
  return toTarget(walk, locations, page);
}

function endedBy({ hops, rewrites }: Walk, locations: Path, by: Directive): FollowedRequest {
  return { locations, condition: null, hops, rewrites, answer: by };
}

/** Where an answer of this status is handed on to within the server. */
function errorPage({ server, outer, hops }: Walk, locations: Path, status: string): Target | null {
  // One error page does not lead to another (recursive_error_pages).
  if (hops.some(({ by }) => by.name === "error_page")) return null;
  const scopes = [...outer, server, ...locations].reverse();
  const pages = scopes
    .map(({ block }) => (block ?? []).filter(({ name }) => name === "error_page"))
    .find(({ length }) => length > 0);
  const page = pages?.find(({ args }) => args.slice(0, -1).includes(status));
  const target = page?.args.at(-1) ?? "";
  return page === undefined || !/^[@/]/.test(target) ? null : { by: page, target };
}
