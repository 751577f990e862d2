/**
 * An arm whose proxy comes from a container image: `docker:IMAGE[,conf=FILE][,kind=KIND]`, or, run as it is,
 * `docker:IMAGE,port=PORT[,conf=FILE:/PLACE]`.
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

/** An image that is run as it is, with its own config. */
export interface OwnImage {
  readonly image: string;
  /** Where it listens. */
  readonly port: number;
  /** A file of this machine that stands at `place` in there; both null for what the image has itself. */
  readonly configFile: string | null;
  readonly place: string | null;
}

const prefix = "docker:";
/** Kinds whose programs and all that they load are in the image; Apache's modules are looked for on this machine. */
const imageKinds = proxyKinds.filter((kind) => kind !== "apache");
export const imageArmForm = "docker:IMAGE[,conf=FILE][,kind=KIND]";
export const ownImageForm = "docker:IMAGE,port=PORT[,conf=FILE:/PLACE]";
/** A reference of the OCI's distribution specification, which no flag of the program can be taken for. */
const reference = /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@[a-z0-9+._-]+:[0-9a-f]+)?$/i;

export function isImageArm(text: string): boolean {
  return text === "docker" || text.startsWith(prefix);
}

/**
 * @param text without a name in front
 * @throws UsageError for what is no image, or where nothing tells of which kind its proxy is
 */
export function parseImageArm(text: string): ImageArm | OwnImage {
  const [image = "", ...words] = text.slice(prefix.length).split(",");
  if (!reference.test(image)) throw new UsageError(`Arm "${text}" names no image: want ${imageArmForm}`);
  const options = new Map<string, string>();
  for (const word of words) {
    const [, name = "", value = ""] = /^(conf|kind|port)=(.+)$/s.exec(word) ?? [];
    if (name === "" || options.has(name))
      throw new UsageError(
        `Arm "${text}": cannot use "${word}"; want conf=FILE, kind=KIND and port=PORT, each once at most`,
      );
    options.set(name, value);
  }
  const configFile = options.get("conf") ?? null;
  const port = options.get("port");
  if (port !== undefined) return parseOwnImage(text, { image, port, options });
  return { image, configFile, proxy: kindOf(text, { image, configFile, kind: options.get("kind") ?? null }) };
}

interface OwnWords {
  readonly image: string;
  readonly port: string;
  readonly options: ReadonlyMap<string, string>;
}

function parseOwnImage(text: string, { image, port, options }: OwnWords): OwnImage {
  const fault = (why: string): UsageError => new UsageError(`Arm "${text}": ${why}; want ${ownImageForm}`);
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) throw fault(`${port} is no port`);
  if (options.has("kind"))
    throw fault("an image with a config of its own is run as it is, whatever its kind");
  const conf = options.get("conf");
  if (conf === undefined) return { image, port: Number(port), configFile: null, place: null };
  const [, configFile, place] = /^(.+):(\/[^:]+)$/s.exec(conf) ?? [];
  if (configFile === undefined || place === undefined)
    throw fault("with port= a file is put in a place of the image");
  return { image, port: Number(port), configFile, place };
}

/** As it would be typed. */
export function ownImageText({ image, port, configFile, place }: OwnImage): string {
  return `${prefix}${image},port=${port}${configFile === null ? "" : `,conf=${configFile}:${place}`}`;
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
      `Cannot run arm "${text}": Apache's modules are looked for on this machine and not in an image; want apache, port= for an image as it is, or one of ${imageKinds.join(", ")}`,
    );
  if (told !== null) return told;
  const why =
    kind === null ? "neither image nor file is named after a proxy" : `"${kind}" is no kind of proxy`;
  throw new UsageError(
    `Arm "${text}": ${why}; want kind=${imageKinds.join("|")}, or port= for an image as it is`,
  );
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
