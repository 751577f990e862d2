/**
 * Other frontends and backends of the config: one way is looked at, and a client may come another.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { type ConfigLine, isFrontend, type Section, sectionText } from "../language/config-tree.js";
import { type Address, bindAddresses } from "../route/addresses.js";
import { criteriaOf, splitCondition } from "../route/condition.js";
import { bindsOf, routeThrough } from "../route/find-web-socket.js";
import { type ConfigView, written, writtenSection } from "./config-view.js";

const shownMost = 5;
/** Paths that are nothing but a WebSocket's. */
const telling = /(?:^|[/_.^-])(?:wss?|websockets?|socket\\?\.io|sockjs|cable)(?:[/_.$-]|$)/i;

export function adviseRoutes(view: ConfigView): readonly Finding[] {
  const doubled = doubledBind(view);
  if (doubled !== null) return [doubled];
  const twin = tlsTwin(view);
  if (twin !== null) return [twin];
  const others = otherRules(view);
  if (others.length === 0) return [ok("other-routes")];
  const more = others.length - shownMost;
  return [
    note("other-routes", {
      title: `${others.length === 1 ? "one other rule is" : `${others.length} other rules are`} for WebSockets too, and ${others.length === 1 ? "was" : "were"} not looked at`,
      evidence: [
        ...others.slice(0, shownMost).map((line) => `config: ${written(line)}`),
        ...(more > 0 ? [`config: ${more} more, likewise`] : []),
      ],
      cause: "a probe looks at one path of one frontend: --path and --server-name choose another",
    }),
  ];
}

/** The kernel takes both sockets, and deals connections out to either. */
function doubledBind({ tree, route }: ConfigView): Finding | null {
  const { frontend = null, bind = null } = route ?? {};
  if (frontend === null || bind === null) return null;
  const own = bindAddresses(bind.args[0] ?? "");
  const other = tree
    .filter((section) => isFrontend(section) && section !== frontend)
    .flatMap((section) => bindsOf(section).map((line) => ({ section, line })))
    .find(({ line }) => bindAddresses(line.args[0] ?? "").some((one) => own.some((two) => isSame(one, two))));
  if (other === undefined || bind.args.includes("interface")) return null;
  return fault("other-routes", {
    side: "proxy",
    title: "two frontends listen at one address, and either gets the client",
    evidence: [
      `config: ${written(bind)} in ${writtenSection(frontend)}`,
      `config: ${written(other.line)} in ${writtenSection(other.section)}`,
    ],
    cause: `HAProxy starts with both, without a warning, and the kernel deals connections out to them: some come to ${sectionText(other.section)}, whose rules are others`,
    cure: "one frontend with the rules of both, or an address for each",
  });
}

function isSame(one: Address, two: Address): boolean {
  return one.kind === "tcp" && two.kind === "tcp" && one.host === two.host && one.port === two.port;
}

/** A frontend for TLS from which the path comes to no server, where the one that is looked at is plain. */
function tlsTwin(view: ConfigView): Finding | null {
  const { tree, route, readLines } = view;
  if (route === null || route.tls || route.end.kind !== "server" || usesPort(route.bind, 443)) return null;
  const asked = { host: route.serverName, path: route.path, readLines };
  const secure = tree.filter(
    (section) => isFrontend(section) && bindsOf(section).some(({ args }) => args.includes("ssl")),
  );
  const ways = secure.map((section) => routeThrough(tree, section, asked));
  const [way] = ways;
  if (way === undefined || ways.some(({ end }) => end.kind === "server")) return null;
  const by = way.end.kind === "answered" ? `${written(way.end.by)} answers` : "no server takes";
  return warning("other-routes", {
    side: "proxy",
    title: "the frontend that speaks TLS does not pass the WebSocket on",
    evidence: [
      `config: ${writtenSection(route.frontend)} passes ${route.path} on, for ws://`,
      `config: in ${writtenSection(way.frontend)} ${by} it, for wss://`,
    ],
    cause: "a page that came by https:// may open wss:// alone, and so comes to that frontend",
    cure: `the rule for ${route.path} in ${sectionText(way.frontend)} too`,
  });
}

function usesPort(bind: ConfigLine | null, port: number): boolean {
  return bindAddresses(bind?.args[0] ?? "").some((address) => address.port === port);
}

/** Rules that choose a backend by what only a WebSocket has, and that the way does not go by. */
function otherRules({ tree, route }: ConfigView): readonly ConfigLine[] {
  const taken = new Set((route?.steps ?? []).filter(({ truth }) => truth === true).map(({ line }) => line));
  return tree
    .filter(isFrontend)
    .flatMap((section) =>
      section.lines.filter(
        (line) => line.name === "use_backend" && !taken.has(line) && isTelling(line, section),
      ),
    );
}

function isTelling(line: ConfigLine, section: Section): boolean {
  const acls = (name: string): readonly ConfigLine[] =>
    section.lines.filter((one) => one.name === "acl" && one.args[0] === name);
  return criteriaOf(splitCondition(line.args).condition, acls).some(
    ({ expression: { fetch }, patterns }) =>
      /^(?:upgrade|sec-websocket)/i.test(fetch.args[0] ?? "") ||
      patterns.some((pattern) => telling.test(pattern)),
  );
}
