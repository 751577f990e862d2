/**
 * Libraries that begin with plain requests and upgrade later keep a session on one server: with several behind an
 * upstream, a client has to come back to the same one.
 */
import { type Finding, note, ok } from "../../../diagnosis/finding.js";
import { libraryAt } from "../../sticky-libraries.js";
import { type Directive, placeOf, walk } from "../language/nginx-tree.js";
import { splitPassUrl } from "../language/pass-url.js";
import { type ConfigView, viewsBehind } from "./config-view.js";
import type { Reading } from "./reading.js";

const keepers = /^(ip_hash|hash|sticky\w*|session_sticky\w*|consistent_hash)$/;
/** A key that differs from one request of a client to the next. */
const wanderingKey = /\$\{?(request_uri|uri|args|request_id|remote_port|msec|connection|request)\b/;

export function adviseStickiness({ view, path }: Reading): readonly Finding[] {
  const spread = [view, ...viewsBehind(view, path)].map(spreadOf).find((one) => one !== null) ?? null;
  const library = libraryAt(path);
  if (spread === null || library === null) return [ok("stickiness")];
  const { group, members, wandering } = spread;
  const name = group.args[0] ?? "";
  return [
    note("stickiness", {
      title: `handshakes of a client spread over ${members.length} servers: ${library} needs ip_hash or hash`,
      evidence: [
        `config: \`upstream ${name}\` at ${placeOf(group.origin)} has ${members.length} servers (${members.map((member) => member.args[0]).join(", ")})`,
        wandering === null
          ? "config: no ip_hash, hash or sticky in it"
          : `config: \`${[wandering.name, ...wandering.args].join(" ")}\` at ${placeOf(wandering.origin)} differs from request to request`,
      ],
      cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; in upstream ${name}: ip_hash; or, behind a balancer, hash of a cookie or an address that it passes on`,
    }),
  ];
}

interface SpreadGroup {
  readonly group: Directive;
  readonly members: readonly Directive[];
  /** A hash that keeps nobody; null where there is none at all. */
  readonly wandering: Directive | null;
}

/** Null where one server takes all, or where clients are kept. */
function spreadOf(view: ConfigView): SpreadGroup | null {
  const [pass] = view.effective("proxy_pass");
  const address = splitPassUrl(pass?.args[0] ?? "")?.address;
  const group = [...walk(view.tree)].find(
    ({ node }) => node.name === "upstream" && node.args[0] === address,
  )?.node;
  const block = group?.block ?? [];
  const members = block.filter(
    ({ name, args }) => name === "server" && !args.includes("down") && !args.includes("backup"),
  );
  if (group === undefined || members.length < 2) return null;
  const keeper = block.find(({ name }) => keepers.test(name));
  const wanders = keeper?.name === "hash" && wanderingKey.test(keeper.args[0] ?? "");
  return keeper === undefined || wanders ? { group, members, wandering: keeper ?? null } : null;
}
