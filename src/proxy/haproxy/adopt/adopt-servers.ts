/**
 * wsrally's backend in place of every server, but for those that are a frontend of the same config.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { UpstreamAddress } from "../../proxy.js";
import {
  type ConfigLine,
  type ConfigTree,
  isBackend,
  rewriteLines,
  type Section,
  withArgs,
} from "../language/config-tree.js";
import { isSameSocket, parseAddress } from "../route/addresses.js";
import { marks } from "../run/config-marks.js";
import type { AdoptedBinds } from "./adopt-binds.js";
import type { Adoption } from "./adoption.js";
import { type GivenParameter, serverWords } from "./parameters.js";

interface AdoptedServers {
  readonly tree: readonly Section[];
  readonly upstreams: readonly UpstreamAddress[];
}

/** The authority of wsrally's backend, where it is asked over TLS. */
export const backendAuthorityFile = "backend-ca.pem";

export function adoptServers(
  tree: ConfigTree,
  sockets: AdoptedBinds["sockets"],
  adoption: Adoption,
): AdoptedServers {
  const upstreams: UpstreamAddress[] = [];
  const adopted = rewriteLines(tree, (line, section) => {
    if (!isBackend(section) && section.kind !== "defaults") return [line];
    switch (line.name) {
      case "default-server": {
        const terms = { adoption, tls: backendSpeaksTls(adoption), isHop: false };
        return withWords(line, [], adoptWords(line, line.args, terms));
      }
      case "dispatch":
        adoption.note(`\`dispatch ${line.args[0]}\` is wsrally's backend instead`, line.place);
        upstreams.push({ address: line.args[0] ?? "", origin: placeWords(line.place) });
        return [withArgs(line, [marks.backend(0)])];
      case "source":
        adoption.note(
          `\`source ${line.args.join(" ")}\` was left out: the server is wsrally's backend`,
          line.place,
        );
        return [];
      case "server":
      case "server-template":
        return adoptServer(line, section, { sockets, adoption, upstreams });
      default:
        return [line];
    }
  });
  return { tree: adopted, upstreams };
}

interface ServerTerms {
  readonly sockets: AdoptedBinds["sockets"];
  readonly adoption: Adoption;
  /** Those that were replaced so far. */
  readonly upstreams: UpstreamAddress[];
}

function adoptServer(line: ConfigLine, section: Section, terms: ServerTerms): ConfigLine[] {
  const { sockets, adoption, upstreams } = terms;
  const at = line.name === "server" ? 1 : 2;
  const address = line.args[at];
  if (address === undefined) return [line];
  const head = line.args.slice(0, at);
  const parameters = line.args.slice(at + 1);
  const hop = sockets.find(({ addresses }) =>
    addresses.some((bind) => isSameSocket(parseAddress(address), bind)),
  );
  if (hop !== undefined) {
    const words = adoptWords(line, parameters, { adoption, tls: true, isHop: true });
    return withWords(line, [...head, hop.mark], words);
  }
  const index = upstreams.length;
  upstreams.push({ address, origin: placeWords(line.place) });
  const text = [line.name, ...head, address].join(" ");
  adoption.note(`\`${text}\` is wsrally's backend instead`, line.place);
  const tls = parameters.includes("ssl") || hasDefaultTls(section);
  const overTls = tls && backendSpeaksTls(adoption);
  if (tls && !overTls)
    adoption.note("The server is asked without TLS: wsrally's backend speaks none here", line.place);
  const target = overTls ? marks.backendTls : marks.backend(index);
  const words = adoptWords(line, parameters, { adoption, tls: overTls, isHop: false });
  const keepsHttp2 = tls && !overTls && asksHttp2(parameters);
  if (keepsHttp2)
    adoption.note("`alpn h2` is `proto h2` there, for HTTP/2 is agreed on within TLS", line.place);
  return withWords(line, [...head, target], keepsHttp2 ? [...words, "proto", "h2"] : words);
}

/** Whether it agrees on nothing but HTTP/2 within TLS, which it is to speak without as well. */
function asksHttp2(parameters: readonly string[]): boolean {
  const given = (name: string): string | undefined =>
    parameters.includes(name) ? parameters[parameters.indexOf(name) + 1] : undefined;
  return given("alpn") === "h2" && given("ws") !== "h1" && given("proto") === undefined;
}

function withWords(line: ConfigLine, head: readonly string[], words: readonly string[]): ConfigLine[] {
  return head.length + words.length === 0 ? [] : [withArgs(line, [...head, ...words])];
}

function backendSpeaksTls({ backend }: Adoption): boolean {
  return backend.overTls !== undefined;
}

function hasDefaultTls({ lines }: Section): boolean {
  return lines.some(({ name, args }) => name === "default-server" && args.includes("ssl"));
}

interface WordTerms {
  readonly adoption: Adoption;
  /** Whether TLS is spoken to it. */
  readonly tls: boolean;
  /** Whether it is a frontend of the config's own. */
  readonly isHop: boolean;
}

function adoptWords(line: ConfigLine, words: readonly string[], terms: WordTerms): string[] {
  const adopted = serverWords(words).flatMap((one) => adoptParameter(one, line, terms));
  const isAsked = terms.tls && words.includes("ssl") && !words.includes("verify") && terms.isHop;
  return isAsked ? [...adopted, "verify", "none"] : adopted;
}

function adoptParameter(
  { words, fate }: GivenParameter,
  line: ConfigLine,
  { adoption, tls, isHop }: WordTerms,
): readonly string[] {
  const text = words.join(" ");
  const [name = ""] = words;
  const leaveOut = (why: string): readonly string[] => {
    adoption.note(`The server's \`${text}\` was left out: ${why}`, line.place);
    return [];
  };
  switch (fate) {
    case "tls":
      return tls ? tlsWords(words, line, { adoption, isHop, tls }) : [];
    case "proxy-line":
      return isHop ? words : leaveOut("wsrally's backend takes no PROXY line");
    case "check":
      return leaveOut("wsrally's backend is there, and is not asked");
    case "address":
      return leaveOut("the server is wsrally's backend");
    case null:
      if (adoption.confinedTo === null) return words;
      throw new UsageError(
        `Cannot adopt ${placeWords(line.place)}: what \`${name}\` does in a server is not known to be harmless, and a ` +
          "gate takes a config for a stranger's; take it out",
      );
    default:
      return words;
  }
}

/** Trust in the user's authorities becomes trust in the backend's, and a client certificate is not asked for. */
function tlsWords(
  words: readonly string[],
  line: ConfigLine,
  { adoption, isHop }: WordTerms,
): readonly string[] {
  const [name = "", value = ""] = words;
  if (isHop) {
    if (name === "verify") return ["verify", "none"];
    return /^(?:ca-file|crl-file|crt|verifyhost)$/.test(name) ? [] : words;
  }
  if (name === "ca-file") {
    adoption.note(`\`ca-file ${value}\` is the authority of wsrally's backend instead`, line.place);
    return ["ca-file", backendAuthorityFile];
  }
  if (name === "crt" || name === "crl-file" || name === "verifyhost") {
    adoption.note(
      `The server's \`${words.join(" ")}\` was left out: the server is wsrally's backend`,
      line.place,
    );
    return [];
  }
  return words;
}
