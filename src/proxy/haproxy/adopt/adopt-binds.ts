/**
 * Moves every listening socket of a config to a free port of loopback. The one that is measured has number 0.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { Leaf } from "../../run-certificate.js";
import {
  type ConfigLine,
  type ConfigTree,
  isFrontend,
  lineText,
  rewriteLines,
  type Section,
  withArgs,
} from "../language/config-tree.js";
import { type Address, bindAddresses } from "../route/addresses.js";
import { marks } from "../run/config-marks.js";
import type { Adoption } from "./adoption.js";
import { bindWords, type GivenParameter } from "./parameters.js";

export interface AdoptedBinds {
  readonly tree: readonly Section[];
  readonly listenCount: number;
  /** What each mark stands for. */
  readonly sockets: readonly { readonly addresses: readonly Address[]; readonly mark: string }[];
}

interface Terms {
  /** The bind that is measured; null where there is none. */
  readonly measured: ConfigLine | null;
  /** Binds that a server of the config connects to: it says who the client is with a PROXY line. */
  readonly inner: ReadonlySet<ConfigLine>;
  readonly adoption: Adoption;
}

/** The certificate that takes the place of all others. */
export const certificateFile = "run.pem";

/** HAProxy reads the certificate and its key from one file. */
export function certificateFiles({ certificatePem, keyPem }: Leaf): Map<string, string> {
  return new Map([[certificateFile, `${certificatePem}\n${keyPem}\n`]]);
}

export function adoptBinds(tree: ConfigTree, terms: Terms): AdoptedBinds {
  const { measured, adoption } = terms;
  const sockets: { addresses: readonly Address[]; mark: string }[] = [];
  let listenCount = 1;
  const adopted = rewriteLines(tree, (line, section) => {
    if (line.name !== "bind" || !isFrontend(section) || line.place === null) return [line];
    const [word = "", ...parameters] = line.args;
    const addresses = bindAddresses(word);
    if (addresses.every(({ kind }) => kind === "quic")) {
      adoption.note("A bind for QUIC was left out: no WebSocket goes over HTTP/3", line.place);
      return [];
    }
    const mark = marks.listen(line === measured ? 0 : listenCount++);
    sockets.push({ addresses, mark });
    adoption.note(`\`bind ${word}\` is a free port of 127.0.0.1 instead`, line.place);
    return [
      withArgs(line, [
        mark,
        ...bindWords(parameters).flatMap((one) => adoptParameter(one, line, terms)),
        ...certificate(parameters),
      ]),
    ];
  });
  const ofFrontend = tree.find(({ lines }) => measured !== null && lines.includes(measured))?.lines ?? [];
  if (ofFrontend.filter(({ name }) => name === "bind").length > 1 && measured !== null)
    adoption.note(
      `Of the frontend's binds, \`${lineText(measured)}\` is the one that is measured`,
      measured.place,
    );
  return { tree: adopted, listenCount, sockets };
}

function certificate(parameters: readonly string[]): string[] {
  return parameters.includes("ssl") ? ["crt", certificateFile] : [];
}

function adoptParameter(
  { words, fate }: GivenParameter,
  bind: ConfigLine,
  { inner, adoption }: Terms,
): readonly string[] {
  const text = words.join(" ");
  const [name = "", value = ""] = words;
  const leaveOut = (why: string): readonly string[] => {
    adoption.note(`The bind's \`${text}\` was left out: ${why}`, bind.place);
    return [];
  };
  switch (fate) {
    case "keep":
      return words;
    case "certificate":
      if (name === "crt" || name === "crt-list")
        adoption.note(`\`${text}\` is the run's own certificate instead`, bind.place);
      else if (name !== "strict-sni") return leaveOut("the certificate is the run's own");
      return [];
    case "client-certificate":
      if (!adoption.keepsAccess || adoption.confinedTo !== null)
        return leaveOut("the generator has no client certificate");
      return name.includes("file") ? [name, adoption.copy(value, `${bind.name} ${text}`, bind.place)] : words;
    case "proxy-line":
      return inner.has(bind) ? words : leaveOut("the generator connects as clients do, without a PROXY line");
    case "placement":
      return leaveOut("processors are wsrally's to choose");
    case "address":
    case "user":
      return leaveOut("the socket is a port of 127.0.0.1");
    case null:
      if (adoption.confinedTo === null) return words;
      throw new UsageError(
        `Cannot adopt ${placeWords(bind.place)}: what \`${name}\` does in a bind is not known to be harmless, and a gate ` +
          "takes a config for a stranger's; take it out",
      );
    default:
      return words;
  }
}
