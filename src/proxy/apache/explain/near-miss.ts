/**
 * Lines that are meant for WebSockets and that a browser's request does not come to: conditions that ask for too much,
 * slashes, an order in which another line is asked first.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import { type Node, nodeText, written } from "../language/config-tree.js";
import { followRequest } from "../route/follow-request.js";
import { passedTo, proxyPassesOf, readProxyPass } from "../route/proxy-passes.js";
import { browserRequest, pathOf } from "../route/request.js";
import { flagsOf, type RuleStep } from "../route/rewrite-rules.js";
import { type ConfigView, passedOf } from "./config-view.js";

export interface NearMiss {
  /** The rule or the ProxyPass that is passed over. */
  readonly rule: Node;
  /** Where the reason stands. */
  readonly line: Node;
  readonly cause: string;
  readonly cure: string;
}

export function nearMisses(view: ConfigView): readonly NearMiss[] {
  return [...missedRules(view), ...shadowed(view), ...slashes(view)];
}

/** A rule that passes upgrades on, and was not taken. */
function missedRules({ route, tree }: ConfigView): NearMiss[] {
  if (route === null) return [];
  // Firefox says more in Connection than Chrome does.
  const { listener, request, path, tls, serverName } = route;
  const asFirefox = browserRequest({
    ...{ url: path, host: serverName, tls, port: request.port },
    connection: "keep-alive, Upgrade",
  });
  const steps = followRequest(tree, listener, asFirefox).steps;
  return [...route.steps, ...steps]
    .flatMap(missOf)
    .filter(({ line }, at, all) => all.findIndex((other) => other.line === line) === at);
}

/** Whether it is there for WebSockets. */
function isForUpgrades({ rule, conditions }: RuleStep): boolean {
  const asks = conditions.some(({ node }) => /upgrade|connection/i.test(node.args[0] ?? ""));
  return flagsOf(rule).has("P") && (asks || /^wss?:/i.test(rule.args[1] ?? ""));
}

function missOf(step: RuleStep): NearMiss[] {
  const { rule, conditions, truth } = step;
  if (!isForUpgrades(step) || truth === true) return [];
  return conditions.filter((one) => one.truth === false).flatMap(({ node }) => conditionMiss(node, rule));
}

function conditionMiss(node: Node, rule: Node): NearMiss[] {
  const [test = "", pattern = "", flags = ""] = node.args;
  const miss = (cause: string, cure: string): NearMiss[] => [{ rule, line: node, cause, cure }];
  const at = written(node);
  if (/^\$\{HTTP:/i.test(test))
    return miss(
      `${at}: \`\${…}\` is a variable of the config, and no header; it is never a browser's`,
      `RewriteCond ${test.replace("$", "%")} websocket [NC]`,
    );
  if (/^%\{HTTP_(?:UPGRADE|CONNECTION)\}$/i.test(test))
    return miss(
      `${at}: mod_rewrite knows no variable ${test}, and takes it for an empty text`,
      `RewriteCond %{HTTP:${test.slice(7, -1).toLowerCase() === "upgrade" ? "Upgrade" : "Connection"}} ${pattern} [NC]`,
    );
  if (/^%\{HTTP:Connection\}$/i.test(test)) {
    const isCase = /upgrade/i.test(pattern) && !/NC|nocase/i.test(flags) && !/Upgrade/.test(pattern);
    return miss(
      isCase
        ? `${at} looks at upper and lower case, and browsers send \`Upgrade\``
        : `${at} does not hold for Firefox, whose header is \`keep-alive, Upgrade\``,
      "RewriteCond %{HTTP:Connection} upgrade [NC]",
    );
  }
  if (/^%\{HTTP:Upgrade\}$/i.test(test))
    return miss(
      /^\W*websocket\W*$/i.test(pattern)
        ? `${at} looks at upper and lower case, and browsers send \`websocket\``
        : `${at} does not hold for a browser's \`Upgrade: websocket\``,
      "RewriteCond %{HTTP:Upgrade} websocket [NC]",
    );
  return [];
}

/** A later ProxyPass for WebSockets that an earlier one keeps the path from. */
function shadowed(view: ConfigView): NearMiss[] {
  const { route } = view;
  const by = passedOf(view)?.pass ?? null;
  if (route === null || by === null || isUpgrading(by.node)) return [];
  const path = pathOf(route.request);
  const others = proxyPassesOf(route.scopes).filter(({ node }) => node !== by.node && isUpgrading(node));
  const inLocations = route.scopes.locations.flatMap((location) =>
    (location.block ?? []).flatMap((node) => {
      const pass = readProxyPass(node, location);
      return pass !== null && node !== by.node && isUpgrading(node) ? [pass] : [];
    }),
  );
  const [other] = [...inLocations, ...others].filter((pass) => passedTo(pass, path) !== null);
  if (other === undefined) return [];
  const isMerged = other.location !== null && by.location !== null;
  return [
    {
      rule: other.node,
      line: by.node,
      cause: isMerged
        ? `${written(by.node)} in \`${nodeText(by.location as Node)}\` takes ${path} as well, and of several Locations the last one holds; ${written(other.node)} comes to nothing`
        : `${written(by.node)} takes ${path} first, and ${written(other.node)} is never asked: the first ProxyPass that matches holds`,
      cure: isMerged
        ? `\`${nodeText(other.location as Node)}\` behind \`${nodeText(by.location as Node)}\``
        : `before ${placeWords(by.node.place)}:\n${nodeText(other.node)}`,
    },
  ];
}

/** Whether it passes upgrades on by how it is written. */
export function isUpgrading({ args }: Node): boolean {
  return args.some((word) => /^wss?:\/\//i.test(word) || /^upgrade=/i.test(word));
}

/** `ProxyPass /ws/ …` and a path without the last slash, and the like. */
function slashes(view: ConfigView): NearMiss[] {
  const { route } = view;
  if (route === null) return [];
  const path = pathOf(route.request);
  const by = passedOf(view);
  if (by !== null && isUpgrading(by.by)) return [];
  return route.scopes.servers.flat().flatMap((node) => {
    const pass = readProxyPass(node, null);
    if (pass === null || pass.isPattern || !isUpgrading(node)) return [];
    const { from } = pass;
    if (from === `${path}/`)
      return [
        {
          rule: node,
          line: node,
          cause: `${written(node)} holds for what is below ${from}, and not for ${path} itself`,
          cure: `without the slash at both ends:\nProxyPass ${path} ${pass.to.replace(/\/$/, "")}`,
        },
      ];
    if (from.toLowerCase() === path.toLowerCase() && from !== path)
      return [
        {
          rule: node,
          line: node,
          cause: `${written(node)} looks at upper and lower case, and ${path} is asked for`,
          cure: `ProxyPass ${path} ${pass.to}`,
        },
      ];
    return [];
  });
}
