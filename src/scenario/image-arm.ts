/**
 * An arm whose proxy comes from a container image: `docker:IMAGE[,conf=FILE][,kind=KIND]`.
 */
import { UsageError } from "../base/errors.js";
import { kindCalled, kindToldByName, type ProxyKind, proxyKinds, toProxyKind } from "./proxy-kind.js";

export interface ImageArm {
  /** As `docker run` takes it: `nginx:1.29`, `registry:5000/edge@sha256:…`. */
  readonly image: string;
  readonly proxy: ProxyKind;
  /** Null for the built-in config. */
  readonly configFile: string | null;
}

const prefix = "docker:";
/** Kinds whose programs and all that they load are in the image; Apache's modules are looked for on this machine. */
const imageKinds = proxyKinds.filter((kind) => kind !== "apache");
export const imageArmForm = "docker:IMAGE[,conf=FILE][,kind=KIND]";
/** A reference of the OCI's distribution specification, which no flag of the program can be taken for. */
const reference = /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@[a-z0-9+._-]+:[0-9a-f]+)?$/i;

export function isImageArm(text: string): boolean {
  return text === "docker" || text.startsWith(prefix);
}

/**
 * @param text without a name in front
 * @throws UsageError for what is no image, or where nothing tells of which kind its proxy is
 */
export function parseImageArm(text: string): ImageArm {
  const [image = "", ...words] = text.slice(prefix.length).split(",");
  if (!reference.test(image)) throw new UsageError(`Arm "${text}" names no image: want ${imageArmForm}`);
  const options = new Map<string, string>();
  for (const word of words) {
    const [, name = "", value = ""] = /^(conf|kind)=(.+)$/s.exec(word) ?? [];
    if (name === "" || options.has(name))
      throw new UsageError(
        `Arm "${text}": cannot use "${word}"; want conf=FILE and kind=KIND, each once at most`,
      );
    options.set(name, value);
  }
  const configFile = options.get("conf") ?? null;
  return { image, configFile, proxy: kindOf(text, { image, configFile, kind: options.get("kind") ?? null }) };
}

/** As it would be typed. */
export function imageArmText({ image, proxy, configFile }: ImageArm): string {
  const kind = kindToldBy(image, configFile) === proxy ? "" : `,kind=${proxy}`;
  return `${prefix}${image}${configFile === null ? "" : `,conf=${configFile}`}${kind}`;
}

interface Hints {
  readonly image: string;
  readonly configFile: string | null;
  readonly kind: string | null;
}

function kindOf(text: string, { image, configFile, kind }: Hints): ProxyKind {
  const told = kind === null ? kindToldBy(image, configFile) : (toProxyKind(kind) ?? kindCalled(kind));
  if (told === "apache")
    throw new UsageError(
      `Cannot run arm "${text}": Apache's modules are looked for on this machine and not in an image; want apache, or one of ${imageKinds.join(", ")}`,
    );
  if (told !== null) return told;
  const why =
    kind === null ? "neither image nor file is named after a proxy" : `"${kind}" is no kind of proxy`;
  throw new UsageError(`Arm "${text}": ${why}; want kind=${imageKinds.join("|")}`);
}

function kindToldBy(image: string, configFile: string | null): ProxyKind | null {
  const [repository = ""] = image.replace(/@.*$/, "").split(/:[^/]*$/);
  const last = repository.split("/").at(-1) ?? "";
  return (
    kindCalled(last) ??
    kindToldByName(repository) ??
    (configFile === null ? null : kindToldByName(configFile))
  );
}
