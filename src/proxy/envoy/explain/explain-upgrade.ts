/**
 * Why Envoy does not let the upgrade through: it does so only where the config says so, and answers 403 elsewhere.
 */
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { itemsAt, textAt } from "../language/config-node.js";
import { type RouteStage, upgradeRule } from "../route/follow-route.js";
import { mapsAt } from "../route/listeners.js";
import type { ConfigView } from "./config-view.js";
import { messageWords, routeWords } from "./places.js";
import { quoteOf, written } from "./quotes.js";

const paste = "upgrade_configs:\n- upgrade_type: websocket";

/** The stage of the way that refuses the upgrade; null where all let it through. */
export function refusingStage({ route }: ConfigView): RouteStage | null {
  return (
    route?.stages.find(
      (stage) => stage.manager !== null && stage.end.kind === "clusters" && !upgradeRule(stage).isOn,
    ) ?? null
  );
}

export function explainNoUpgrade({ manager, route, action }: RouteStage): Explanation | null {
  if (manager === null) return null;
  const { by } = upgradeRule({ manager, action });
  const where = messageWords(manager);
  if (by !== null) {
    const quote = quoteOf(by, "enabled");
    const isRoutes = itemsAt(action, "upgrade_configs").includes(by);
    return {
      title: "Envoy does not let the upgrade to WebSocket through",
      cause: `${written(by, "enabled")} switches WebSockets off ${isRoutes && route !== null ? `for ${routeWords(route)}, whatever the listener says` : `in ${where}`}`,
      cure: "enabled: true",
      quotes: quote === null ? [] : [quote],
    };
  }
  const other = [...mapsAt(action, "upgrade_configs"), ...mapsAt(manager, "upgrade_configs")];
  const mistaken = other.find(isMeant);
  if (mistaken !== undefined) {
    const quote = quoteOf(mistaken, "upgrade_type");
    return {
      title: "Envoy does not let the upgrade to WebSocket through",
      cause: `${written(mistaken, "upgrade_type")} is no protocol that a client asks for: the Upgrade header of a WebSocket says \`websocket\`, and is compared whole`,
      cure: "upgrade_type: websocket",
      quotes: quote === null ? [] : [quote],
    };
  }
  return {
    title: "Envoy does not let the upgrade to WebSocket through",
    cause: `neither ${where}${route === null ? "" : ` nor ${routeWords(route)}`} has \`upgrade_configs\` for WebSockets: Envoy answers 403 (upgrade_failed) itself`,
    cure: `in ${where}:\n${paste}`,
    quotes: [{ text: "HttpConnectionManager", place: manager.place }],
  };
}

function isMeant(one: ConfigMap): boolean {
  return /web.?socket|^wss?$/i.test(textAt(one, "upgrade_type") ?? "");
}
