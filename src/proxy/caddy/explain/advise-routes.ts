/**
 * The other ways of the site: a `reverse_proxy` that no request comes to, for something goes before it.
 */
import { type Finding, ok, warning } from "../../../diagnosis/finding.js";
import { directiveText } from "../language/config-tree.js";
import { candidatesOf } from "../route/find-web-socket.js";
import { followRoute } from "../route/follow-route.js";
import { webSocketRequest } from "../route/request.js";
import { type ConfigView, written } from "./config-view.js";

/** More would be a page of its own. */
const most = 3;

export function adviseRoutes({ route, tree, proxy }: ConfigView): Finding[] {
  if (route === null) return [];
  const { site, serverName, address } = route;
  const others = candidatesOf(site, tree).filter(
    ({ line, path, hasPath }) => line !== proxy && hasPath && path !== route.path,
  );
  const hidden = others.flatMap(({ line, path }) => {
    const request = webSocketRequest({ path, host: serverName, tls: address.tls });
    const { end, unsure } = followRoute(site, request, tree);
    const isReached = end.kind === "proxy" || end.kind === "nothing" || unsure.length > 0;
    return isReached ? [] : [{ line, path, before: end.line }];
  });
  if (hidden.length === 0)
    return [
      ok(
        "other-routes",
        others.slice(0, most).map(({ line }) => `config: ${written(line)}`),
      ),
    ];
  return hidden.slice(0, most).map(({ line, path, before }) =>
    warning("other-routes", {
      side: "proxy",
      title: `no request for ${path} comes to its \`reverse_proxy\``,
      evidence: [`config: ${written(line)}`],
      cause: `${written(before)} takes them: \`${before.name}\` goes before \`reverse_proxy\`, or stands in a \`handle\` that does`,
      cure: `in a \`handle\` of its own:\nhandle ${path}* {\n\t${directiveText(line)}\n}`,
    }),
  );
}
