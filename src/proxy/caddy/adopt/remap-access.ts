/**
 * What turns a client away for who it is: passwords, address lists, a server that is asked. A measurement takes them out of
 * the way, and lets limits on numbers and rates stand.
 */
import type { JsonPath } from "../language/json-document.js";
import type { Adoption } from "./adoption.js";
import { emptied, everyRecord, isRecord, type Json, listIn } from "./json.js";

/** The generator is whom they let in. */
const ownRanges = ["127.0.0.0/8", "::1"];

export function remapAccess(servers: unknown, adoption: Adoption): void {
  for (const { record, path } of everyRecord(servers, ["apps", "http", "servers"])) {
    // What goes leaves something empty in its place, so that all behind it stays where its place is known.
    for (const [index, handler] of listIn(record, "handle").entries()) {
      const why = isRecord(handler) ? reasonOf(handler, adoption) : null;
      if (why === null || !isRecord(handler)) continue;
      adoption.note(why.sentence, { path: [...path, "handle", index], directives: why.directives });
      emptied(handler).handler = "vars";
    }
    for (const [index, route] of listIn(record, "routes").entries())
      if (!adoption.keepsAccess && isRecord(route) && !keeps(route, [...path, "routes", index], adoption))
        emptied(route);
    for (const name of ["remote_ip", "client_ip"]) openRanges(record, name, path, adoption);
  }
}

interface Reason {
  readonly sentence: string;
  readonly directives: readonly string[];
}

function reasonOf(handler: Json, { keepsAccess, keepsUpstream }: Adoption): Reason | null {
  if (handler.handler === "authentication" && !keepsAccess)
    return {
      sentence: "basic_auth was left out: the generator is not whom it lets in",
      directives: ["basic_auth", "basicauth"],
    };
  // What `forward_auth` stands for.
  const isAsked =
    handler.handler === "reverse_proxy" &&
    isRecord(handler.rewrite) &&
    handler.rewrite.method === "GET" &&
    listIn(handler, "handle_response").length > 0;
  // Nobody is there to be asked, and wsrally's backend would take the WebSocket in its place.
  return isAsked && !keepsUpstream
    ? { sentence: "forward_auth was left out: nobody is asked who may connect", directives: ["forward_auth"] }
    : null;
}

/** A route that only turns clients away by their address goes; its matcher is a name that nothing else may use. */
function keeps(route: Json, path: JsonPath, adoption: Adoption): boolean {
  const asksAddress = [...everyRecord(route.match)].some(
    ({ record }) => record.remote_ip !== undefined || record.client_ip !== undefined,
  );
  const turnsAway = [...everyRecord(route.handle)].some(({ record }) => isDenial(record));
  const proxies = [...everyRecord(route.handle)].some(({ record }) => record.handler === "reverse_proxy");
  if (!asksAddress || !turnsAway || proxies) return true;
  adoption.note("A rule against addresses was left out: the generator's is not one that it knows", {
    path,
    directives: ["remote_ip", "client_ip"],
  });
  return false;
}

function isDenial({ handler, status_code: status, abort }: Json): boolean {
  return (
    handler === "error" ||
    (handler === "static_response" && (abort === true || /^40[134]$/.test(String(status))))
  );
}

function openRanges(record: Json, name: string, path: JsonPath, adoption: Adoption): void {
  const matcher = adoption.keepsAccess ? null : record[name];
  if (!isRecord(matcher) || matcher.ranges === undefined) return;
  matcher.ranges = ownRanges;
  adoption.note(`${name} takes the generator's address instead`, {
    path: [...path, name],
    directives: [name],
  });
}
