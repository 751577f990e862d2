/**
 * What changes a path or a query on its way to the backend, told from the config.
 */
import type { PathChange, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, written } from "../language/nginx-tree.js";
import { splitPassUrl } from "../language/pass-url.js";
import { locationMatch } from "../route/select-location.js";
import { type ConfigView, viewsBehind } from "./config-view.js";
import type { Reading } from "./reading.js";

export function explainPath(
  { view: first, path: asked }: Reading,
  { change }: Extract<Symptom, { readonly kind: "path-changed" }>,
): Explanation | null {
  const view = [first, ...viewsBehind(first, asked)].find(changes) ?? first;
  const rewrite = view.rewrites.at(-1);
  if (rewrite !== undefined) return explainRewrite(rewrite, change);
  const [pass] = view.effective("proxy_pass");
  if (pass === undefined) return null;
  const url = pass.args[0] ?? "";
  const uri = splitPassUrl(url)?.uri ?? "";
  const told = { pass, url, uri, change };
  if (/\$/.test(url)) return explainVariable(told);
  return uri === "" ? { cause: written(pass), cure: "pass the request on as it is" } : explainUri(view, told);
}

/** Whether anything in it could. */
function changes(view: ConfigView): boolean {
  const [pass] = view.effective("proxy_pass");
  const url = pass?.args[0] ?? "";
  return view.rewrites.length > 0 || (splitPassUrl(url)?.uri ?? "") !== "" || url.includes("$");
}

function explainRewrite(rewrite: Directive, { path, lost }: PathChange): Explanation {
  const [pattern = "", replacement = "", ...flags] = rewrite.args;
  const words = written(rewrite);
  if (lost.length > 0 && replacement.endsWith("?")) {
    return {
      cause: `${words} ends in a question mark, which keeps the client's own query out`,
      cure: `without it:\n${["rewrite", pattern, replacement.slice(0, -1), ...flags].join(" ")};`,
    };
  }
  return {
    cause: words,
    cure: path === null ? "take it out" : "take the rewrite out, or leave the WebSocket's path out of it",
  };
}

interface Told {
  readonly pass: Directive;
  readonly url: string;
  readonly uri: string;
  readonly change: PathChange;
}

/** With a variable in it nginx takes the URL for the whole of what to ask for. */
function explainVariable({ pass, url, uri, change }: Told): Explanation {
  const words = written(pass);
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
    cure: whole,
  };
}

/** The URI takes the place of what the location matched. */
function explainUri(view: ConfigView, { pass, url, uri, change }: Told): Explanation {
  const match = view.locations.map(locationMatch).at(-1);
  const prefix = match?.kind === "prefix" ? match.text : null;
  const words = `${written(pass)} ends in a URI (${uri})`;
  const isUneven = prefix !== null && prefix.endsWith("/") !== uri.endsWith("/");
  if (isUneven && change.path !== null && change.path.arrived !== uri) {
    const slashed = prefix.endsWith("/")
      ? `proxy_pass ${url}/;`
      : `location ${prefix}/ { proxy_pass ${url}; }`;
    return {
      cause: `${words}, which takes the place of \`${prefix}\` of ${view.where}: one ends in a slash and the other does not, so that what follows is joined to ${change.path.arrived}`,
      cure: `a slash at the end of both${prefix.endsWith("/") ? "" : ", and clients ask for the path with it"}:\n${slashed}`,
    };
  }
  return {
    cause: `${words}, which takes the place of what ${view.where} matched`,
    cure: `leave the URI${uri === "/" ? " (the trailing slash)" : ""} out:\nproxy_pass ${url.slice(0, -uri.length)};`,
  };
}
