/**
 * Whether the config passes requests on at all. Where it does not there is nothing to run.
 */
import { type Finding, fault } from "../../../diagnosis/finding.js";
import { placeWords } from "../../../diagnosis/quote.js";
import { entryOf, namedIn, nodeAt } from "../language/fields.js";
import type { ConfigView } from "./config-view.js";

export function deadEnd({ read, route }: ConfigView): Finding | null {
  if (route !== null) return null;
  const { ignored, install } = read;
  if (ignored !== null)
    return fault("route", {
      side: "proxy",
      title: "every request is answered with 404: Traefik does not see the routes",
      evidence: [
        `config: \`${ignored.key}\` at ${placeWords(ignored.place)}, in the file that Traefik is started with`,
      ],
      cause: `the file that Traefik is started with is its install configuration ("static"): \`${ignored.key}\` in it is passed over without a word`,
      cure: `\`${ignored.key}\` in a file of its own, which this one names:\nproviders:\n  file:\n    filename: /etc/traefik/routes.yml`,
    });
  const others = namedIn(install, "providers").filter(
    ({ key }) => !/^(?:file|providersThrottleDuration)$/i.test(key),
  );
  const [other] = others;
  if (other !== undefined)
    return fault("route", {
      side: "proxy",
      title: "the config itself has no routes",
      evidence: [`config: \`providers.${other.key}\` at ${placeWords(other.place)}`],
      cause: `its routes come from ${other.key}, which is not asked here`,
      cure: "the routes as a file, such as `GET /api/rawdata` tells them, and `providers.file.filename`; or probe it while it runs: wsrally probe ws://HOST:PORT/PATH",
    });
  const file = entryOf(nodeAt(install, "providers"), "file");
  return fault("route", {
    side: "proxy",
    title: "every request is answered with 404: there is no route",
    evidence: [
      file === null
        ? "config: no `providers.file`"
        : `config: \`providers.file\` at ${placeWords(file.place)}`,
    ],
    cause: "Traefik has routes from providers alone, and no file of routes has a router",
    cure: "http:\n  routers:\n    ws: {rule: PathPrefix(`/ws`), service: ws}\n  services:\n    ws: {loadBalancer: {servers: [{url: http://HOST:PORT}]}}",
  });
}
