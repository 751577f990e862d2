/**
 * What a config says of its upstreams, of who may connect, and of certificates.
 */
import type { UpstreamTls, WrittenConfig } from "../../../diagnosis/written-config.js";
import { type Directive, lineNamed, linesNamed } from "../language/config-tree.js";
import { siteAddresses, upstreamWords } from "../route/addresses.js";
import { type ConfigView, quoteOf } from "./config-view.js";

export function upstreamsOf({ proxy }: ConfigView): WrittenConfig["upstreams"] {
  if (proxy === null) return [];
  return upstreamWords(proxy).map(({ text, dial, tls, word }) => ({
    address: text.includes("://") ? dial : text,
    tls,
    quote: { text: `reverse_proxy ${text}`, place: word.place },
  }));
}

/** Null where no upstream is asked over TLS. */
export function upstreamTlsOf({ proxy }: ConfigView): UpstreamTls | null {
  const secure = proxy === null ? undefined : upstreamWords(proxy).find(({ tls }) => tls);
  if (proxy === null || secure === undefined) return null;
  const transport: Pick<Directive, "block"> = lineNamed(proxy, "transport") ?? { block: [] };
  const isInsecure = lineNamed(transport, "tls_insecure_skip_verify") !== null;
  const name = lineNamed(transport, "tls_server_name")?.args[0]?.text;
  const trust = lineNamed(transport, "tls_trusted_ca_certs", "tls_trust_pool");
  return {
    // Go checks every certificate that it is not told to trust.
    verify: isInsecure ? null : { text: `reverse_proxy ${secure.text}`, place: secure.word.place },
    name: name ?? hostOf(secure.dial),
    names: upstreamWords(proxy).flatMap((upstream) => (upstream.tls ? [name ?? hostOf(upstream.dial)] : [])),
    sendsName: true,
    authorities: trust === null ? null : (trust.args.at(-1)?.text ?? null),
    offersCertificate: lineNamed(transport, "tls_client_auth") !== null,
  };
}

function hostOf(dial: string): string {
  return dial.replace(/:\d+(?:-\d+)?$/, "");
}

/** Of the site that is asked; a browser leaves the scheme's own out. */
export function writtenPort({ route }: ConfigView): number | null {
  if (route === null) return null;
  const { port, tls } = route.address;
  return port === (tls ? 443 : 80) ? null : port;
}

const byClient = ["remote_ip", "client_ip"];

/** What may turn a client away. */
export function accessRules({ route }: ConfigView): WrittenConfig["access"] {
  const met = route?.followed.met ?? [];
  const unsure = route?.followed.unsure ?? [];
  const asked = met.filter(({ name }) => /^(?:basic_?auth|forward_auth)$/.test(name));
  const matchers = (route?.site.lines ?? []).filter(
    ({ name, args, block }) =>
      name.startsWith("@") &&
      (args.some(({ text }) => byClient.includes(text)) ||
        (block ?? []).some(
          (line) => byClient.includes(line.name) || line.args.some(({ text }) => byClient.includes(text)),
        )),
  );
  const used = matchers.filter(({ name }) => unsure.some(({ args }) => args[0]?.text === name));
  return [...asked, ...used].map((line) => ({ ...quoteOf(line), isAsked: line.name === "forward_auth" }));
}

export function certificatesOf({ route, tree }: ConfigView): WrittenConfig["certificates"] {
  const site = route?.site;
  if (site === undefined) return [];
  const names = siteAddresses(site, tree).flatMap(({ host }) => (host === null ? [] : [host]));
  return linesNamed({ block: site.lines }, "tls").flatMap((line) => {
    const [file, key] = line.args;
    return file === undefined || key === undefined ? [] : [{ file: file.text, names, quote: quoteOf(line) }];
  });
}
