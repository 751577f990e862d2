/**
 * Why a request ends at a file, or at an answer of nginx's own, where a backend was meant.
 */
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, placeOf, walk, written } from "../language/nginx-tree.js";
import { type ConfigView, hopWords } from "./config-view.js";

export function explainStatic(status: number, view: ConfigView): Explanation {
  const handed = hopWords(view);
  const { cause, cure } =
    explainCode(view) ?? explainAnswer(view, status) ?? explainNoPass(view, handed.length > 0);
  return { cause: [...handed, cause].join("; "), cure };
}

/** Answer a request by themselves, in place of a pass or of a file. */
const answerers: readonly (readonly [names: RegExp, words: string, cure: string])[] = [
  [
    /^(content_by_lua\w*|access_by_lua\w*|rewrite_by_lua\w*|js_content|perl)$/,
    "answers by code of its own, which wsrally does not run",
    "to pass the WebSocket on take the code out of this location, for proxy_pass; where the code is the WebSocket's server (lua-resty-websocket), probe it while it runs:\nwsrally probe ws://HOST:PORT/PATH",
  ],
  [
    /^passenger_enabled$/,
    "hands the request to the application that Passenger runs, which wsrally does not",
    "probe it while it runs (wsrally probe ws://HOST:PORT/PATH); for Action Cable within Passenger, or with proxy_pass to a server of its own after passenger_enabled off;:\npassenger_app_group_name NAME_cable;\npassenger_force_max_concurrent_requests_per_process 0;",
  ],
  [
    /^(echo|empty_gif|stub_status|autoindex|nchan_\w+|push_stream_\w+|flv|mp4|dav_methods)$/,
    "answers by itself",
    "a location of its own for the WebSocket's path, with proxy_pass",
  ],
];

/** What answers requests of a block by itself; null where nothing does. */
export function answererIn(block: readonly Directive[]): (Explanation & { readonly node: Directive }) | null {
  for (const [names, words, cure] of answerers) {
    const node = block.find(({ name, args }) => names.test(name) && args[0] !== "off");
    if (node === undefined) continue;
    const shown =
      node.block === null && !/_by_lua$/.test(node.name) ? [node.name, ...node.args] : [node.name];
    return { node, cause: `\`${shown.join(" ")}\` at ${placeOf(node.origin)} ${words}`, cure };
  }
  return null;
}

function explainCode(view: ConfigView): Explanation | null {
  const own = view.locations.at(-1)?.block ?? view.server?.block ?? [];
  const inherited = view.effective("proxy_pass").length > 0 ? [] : view.effective("passenger_enabled");
  return answererIn([...own, ...inherited]);
}

function explainAnswer(view: ConfigView, status: number): Explanation | null {
  const { answer, where } = view;
  if (answer === null) return null;
  const words = written(answer);
  const passes = view.effective("proxy_pass").length > 0;
  switch (answer.name) {
    case "try_files":
      return passes
        ? {
            cause: `${words} looks for a file before proxy_pass is asked, and answers where there is none: a WebSocket is no file`,
            cure: `take try_files out of ${where}: proxy_pass is all that it needs`,
          }
        : {
            cause: `${words} looks for a file, and answers where there is none`,
            cure: "hand what is no file to the backend:\ntry_files $uri @app;\nlocation @app { proxy_pass http://HOST:PORT; }",
          };
    case "internal":
      return {
        cause: `${words} keeps clients out of ${where}: only what nginx hands on gets there`,
        cure: "take internal out, or ask for a path that is handed on to it",
      };
    case "return":
    case "rewrite":
      return {
        cause: `${where} answers ${status} ${passes ? "before its proxy_pass is asked" : "itself, without a proxy_pass"}, by ${words}${passes ? "" : othersWords(view)}`,
        cure: `take it out of the WebSocket's way: a location of its own for the path, with proxy_pass`,
      };
    default:
      return { cause: `${words} hands the request on to nowhere`, cure: "correct where it points" };
  }
}

/** Served as a file. */
function explainNoPass(view: ConfigView, isHandedOn: boolean): Explanation {
  const serves = isHandedOn
    ? "which has no proxy_pass"
    : `${view.where} serves this path, and has no proxy_pass`;
  return {
    cause: `${serves}${othersWords(view)}`,
    cure: "give the path a location with proxy_pass, or ask for a path of one (--path)",
  };
}

/** "; `location /ws` has one", where there are others. */
export function othersWords({ server }: ConfigView): string {
  const proxied = [...walk(server ? [server] : [])]
    .filter(({ node, path }) => node.name === "proxy_pass" && path.some(({ name }) => name === "location"))
    .map(({ path }) => path.findLast(({ name }) => name === "location"))
    .map((location) => `\`location ${location?.args.join(" ")}\``);
  const names = [...new Set(proxied)].slice(0, 3);
  return names.length === 0 ? "" : `; ${names.join(", ")} ${names.length === 1 ? "has" : "have"} one`;
}
