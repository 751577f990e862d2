/**
 * What changes a path or a query on its way to the backend, told from the config.
 */

import { type Directive, placeOf } from "../language/nginx-tree.js";
import { splitPassUrl } from "../language/pass-url.js";
import { locationMatch } from "../route/select-location.js";
import { type ConfigView, viewsBehind } from "./config-view.js";

interface Explanation {
  readonly cause: string;
  readonly cure: string;
}

export interface PathChange {
  /** Null where it arrives as it is wanted. */
  readonly path: { readonly wanted: string; readonly arrived: string } | null;
  /** Parameters of the query. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

export function explainPath(first: ConfigView | null, asked: string, change: PathChange): Explanation {
  const intended = intendedWords(change);
  if (first === null)
    return { cause: "something between changes it", cure: intended ?? "look for what does" };
  const view = [first, ...viewsBehind(first, asked)].find(changes) ?? first;
  const rewrite = view.rewrites.at(-1);
  if (rewrite !== undefined) return explainRewrite(rewrite, change, intended);
  const [pass] = view.effective("proxy_pass");
  if (pass === undefined) return { cause: "nothing in the config says why", cure: intended ?? "see its log" };
  const url = pass.args[0] ?? "";
  const uri = splitPassUrl(url)?.uri ?? "";
  const told = { pass, url, uri, change, intended };
  if (/\$/.test(url)) return explainVariable(told);
  return uri === ""
    ? { cause: passWords(pass), cure: intended ?? "pass the request on as it is" }
    : explainUri(view, told);
}

/** Whether anything in it could. */
function changes(view: ConfigView): boolean {
  const [pass] = view.effective("proxy_pass");
  const url = pass?.args[0] ?? "";
  return view.rewrites.length > 0 || (splitPassUrl(url)?.uri ?? "") !== "" || url.includes("$");
}

/** Null where it is no path that a backend has, or where the query is what is missing. */
function intendedWords({ path, lost }: PathChange): string | null {
  if (path === null || lost.length > 0 || path.arrived.includes("//")) return null;
  return `if the backend does have its WebSocket there: --backend-path ${path.arrived}`;
}

function explainRewrite(
  rewrite: Directive,
  { path, lost }: PathChange,
  intended: string | null,
): Explanation {
  const [pattern = "", replacement = "", ...flags] = rewrite.args;
  const words = `\`rewrite ${rewrite.args.join(" ")}\` at ${placeOf(rewrite.origin)}`;
  if (lost.length > 0 && replacement.endsWith("?")) {
    return {
      cause: `${words} ends in a question mark, which keeps the client's own query out`,
      cure: `without it:\n${["rewrite", pattern, replacement.slice(0, -1), ...flags].join(" ")};`,
    };
  }
  const cure = path === null ? [] : ["take the rewrite out, or leave the WebSocket's path out of it"];
  return {
    cause: words,
    cure: [...cure, ...(intended === null ? [] : [intended])].join("; ") || "take it out",
  };
}

interface Told {
  readonly pass: Directive;
  readonly url: string;
  readonly uri: string;
  readonly change: PathChange;
  readonly intended: string | null;
}

/** With a variable in it nginx takes the URL for the whole of what to ask for. */
function explainVariable({ pass, url, uri, change, intended }: Told): Explanation {
  const words = passWords(pass);
  if (change.lost.length > 0) {
    const bare = url.replace(/\$\{?(is_args|args)\}?/g, "");
    const decoded = /\$\{?(document_)?uri\}?/.test(uri);
    const also = change.path === null ? "" : " and with it the path that was asked for";
    return {
      cause: `${words}: where a variable stands in it nginx sends the URI as it stands there, without the client's query${also}`,
      cure:
        change.path === null || !decoded
          ? `the query behind it:\nproxy_pass ${bare}$is_args$args;`
          : `what was asked for, as it was:\nproxy_pass ${url.slice(0, -uri.length)}$request_uri;`,
    };
  }
  const whole = `the path that was asked for:\nproxy_pass ${uri === "" ? url : url.slice(0, -uri.length)}$request_uri;`;
  return {
    cause:
      uri === ""
        ? `${words}: a variable holds the path as well`
        : `${words}: where a variable stands in it nginx sends the URI (${uri}) as it stands there, in place of the path that was asked for`,
    cure: intended === null ? whole : `${intended}; else ${whole}`,
  };
}

/** The URI takes the place of what the location matched. */
function explainUri(view: ConfigView, { pass, url, uri, change, intended }: Told): Explanation {
  const match = view.locations.map(locationMatch).at(-1);
  const prefix = match?.kind === "prefix" ? match.text : null;
  const words = `${passWords(pass)} ends in a URI (${uri})`;
  const isUneven = prefix !== null && prefix.endsWith("/") !== uri.endsWith("/");
  if (isUneven && change.path !== null && change.path.arrived !== uri) {
    const slashed = prefix.endsWith("/")
      ? `proxy_pass ${url}/;`
      : `location ${prefix}/ { proxy_pass ${url}; }`;
    return {
      cause: `${words}, which takes the place of \`${prefix}\` of ${view.where}: one ends in a slash and the other does not, so that what follows is joined to ${change.path.arrived}`,
      cure: `${intended === null ? "" : `${intended}; else `}a slash at the end of both${prefix.endsWith("/") ? "" : ", and clients ask for the path with it"}:\n${slashed}`,
    };
  }
  return {
    cause: `${words}, which takes the place of what ${view.where} matched`,
    cure: `${intended === null ? "" : `${intended}; else `}leave the URI${uri === "/" ? " (the trailing slash)" : ""} out:\nproxy_pass ${url.slice(0, -uri.length)};`,
  };
}

function passWords(pass: Directive): string {
  return `\`proxy_pass ${pass.args.join(" ")}\` at ${placeOf(pass.origin)}`;
}
