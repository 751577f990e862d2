/**
 * The port as written against what is spoken on it: 443 without TLS answers no wss://. Who stands in front of HAProxy may
 * end TLS, as some configs show.
 */
import { type Finding, fault, ok, type Trouble, warning } from "../../../diagnosis/finding.js";
import type { ConfigLine } from "../language/config-tree.js";
import { effectiveRules, modeOf } from "../language/effective.js";
import { bindAddresses } from "../route/addresses.js";
import { type ConfigView, written } from "./config-view.js";

export function advisePortScheme(view: ConfigView): readonly Finding[] {
  const { route, tree } = view;
  const bind = route?.bind ?? null;
  const port = bindAddresses(bind?.args[0] ?? "").find(({ kind }) => kind === "tcp")?.port ?? 0;
  // In `mode tcp` the server itself may speak TLS.
  if (route === null || bind === null || route.tls || modeOf(route.frontend, tree).mode !== "http") return [];
  if (!/443$/.test(String(port))) return [];
  const sign = signOfTlsBefore(view, bind);
  const signWords = sign === null ? [] : [`config: ${written(sign)} tells of TLS before HAProxy`];
  if (sign !== null && port !== 443) return [ok("tls-scheme", signWords)];
  const trouble: Trouble = {
    side: "proxy",
    title: `port ${port} speaks no TLS`,
    evidence: [
      `config: ${written(bind)}`,
      "client: ws:// is answered there, and wss:// would not be",
      ...signWords,
    ],
    cause: "`bind` has no ssl: clients that come with wss:// or https:// for this port get no TLS",
    cure: `nothing, where TLS ends before HAProxy; else:\nbind ${bind.args.join(" ")} ssl crt FILE`,
  };
  return [port === 443 && sign === null ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble)];
}

/** What only makes sense where somebody in front speaks TLS with the clients. */
function signOfTlsBefore({ route, tree }: ConfigView, bind: ConfigLine): ConfigLine | null {
  if (bind.args.includes("accept-proxy")) return bind;
  const rules = route === null ? [] : effectiveRules(route.frontend, tree, "http-request");
  return (
    rules.find(
      ({ args: [action = "", name = "", value = ""] }) =>
        /^(?:set|add)-header$/.test(action) &&
        /^x-(?:forwarded-(?:proto|scheme|ssl)|scheme)$/i.test(name) &&
        /^(?:https|on)$/i.test(value),
    ) ?? null
  );
}
