/**
 * An arm: one configuration under test, written `KIND:CONFIG`, a kind alone, or a `ws://`/`wss://` URL, each
 * with an optional `NAME=` in front.
 */
import { UsageError } from "../base/errors.js";
import { maskUrl } from "../base/mask-secrets.js";
import { armHint } from "./arm-hint.js";
import {
  type ImageArm,
  imageArmForm,
  imageArmText,
  isImageArm,
  type OwnImage,
  ownImageForm,
  ownImageText,
  parseImageArm,
} from "./image-arm.js";
import { type ProxyKind, proxyKinds, toProxyKind } from "./proxy-kind.js";

/** A folder that a stranger's config may be read from. */
export interface ReadableFolder {
  readonly path: string;
  /**
   * The files that git tracks in it, and what leads to them: the names in each folder by its path from here, "" for this
   * one. Null where it is no repository: all that lies in it.
   */
  readonly tracked: ReadonlyMap<string, ReadonlySet<string>> | null;
}

/** A proxy of the real world with a config file: a stranger's, which may be read from these folders alone, or (null) the user's own. */
export interface ConfiguredTarget {
  readonly kind: "proxy";
  readonly proxy: ProxyKind;
  readonly configFile: string;
  readonly confinedTo: readonly ReadableFolder[] | null;
  /** The container image whose program runs it; absent for this machine's. */
  readonly image?: string;
}

/** What stands between the generator and the backend. */
export type ArmTarget =
  /** A proxy of the real world with its built-in good config. */
  | { readonly kind: "proxy"; readonly proxy: ProxyKind; readonly configFile: null; readonly image?: string }
  | ConfiguredTarget
  /** No proxy: the floor. */
  | { readonly kind: "direct" }
  /** A plain TCP relay in Node, for machines with no proxy; it stands for no proxy of the real world. */
  | { readonly kind: "embedded" }
  /** Something already running, reached by its URL; wsrally sees only its own side of it. */
  | { readonly kind: "url"; readonly url: string; readonly container?: OwnImage };

export interface Arm {
  /** Unique within a scenario; names the arm in reports and its files on disk. */
  readonly name: string;
  readonly target: ArmTarget;
  /** `--set directive=value` pairs for a built-in config, in the order given. */
  readonly set: Readonly<Record<string, string>>;
}

const armNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** For `--help` and the schema. */
export const armForms = [
  ...proxyKinds.flatMap((kind) => [kind, `${kind}:FILE`]),
  imageArmForm,
  ownImageForm,
  "direct",
  "embedded",
].join(", ");
const wantedForms = `${armForms}, ws://HOST:PORT/PATH or wss://HOST:PORT/PATH, with NAME= in front if wanted`;

/**
 * Parses `[NAME=]KIND[:CONFIG]` or `[NAME=]URL`.
 * @throws UsageError when the name or the kind is not one wsrally knows
 */
export function parseArm(text: string, set: Readonly<Record<string, string>> = {}): Arm {
  const { name, rest } = splitName(text.trim());
  const target = parseArmTarget(rest, text);
  const [directive] = Object.keys(set);
  if (directive !== undefined && !takesSettings(target)) {
    throw new UsageError(
      `Cannot set ${directive} on arm "${text}": --set changes the built-in config of ${settableWords}, only`,
    );
  }
  return { name: name ?? defaultName(target, set), target, set };
}

/** What `--set` and the directives of a matrix can change. */
export const settableWords = `${proxyKinds.join(", ")} and the embedded relay`;

export function takesSettings(target: ArmTarget): boolean {
  return target.kind === "embedded" || (target.kind === "proxy" && target.configFile === null);
}

/** Whether it names a config file. */
export function isConfigured(target: ArmTarget): target is ConfiguredTarget {
  return target.kind === "proxy" && target.configFile !== null;
}

/** The container image that its proxy comes from, or null. */
export function imageOf(target: ArmTarget): string | null {
  if (target.kind === "url") return target.container?.image ?? null;
  return target.kind === "proxy" ? (target.image ?? null) : null;
}

/** Whether wsrally starts a proxy for it, so that its processes can be seen. */
export function hasOwnProxy(target: ArmTarget): boolean {
  return target.kind === "proxy" || target.kind === "embedded" || imageOf(target) !== null;
}

/** @throws UsageError for an arm whose proxy is an image's, where only a process of wsrally's will do */
export function refuseImages(arms: readonly Pick<Arm, "name" | "target">[], what: string, why: string): void {
  const arm = arms.find(({ target }) => imageOf(target) !== null);
  if (arm !== undefined)
    throw new UsageError(`Cannot ${what} the arm ${arm.name}, which runs in a container: ${why}`);
}

/** The target as it would be typed, without a URL's secrets. */
export function armText(target: ArmTarget): string {
  switch (target.kind) {
    case "proxy":
      if (target.image !== undefined) return imageArmText({ ...target, image: target.image });
      return target.configFile === null ? target.proxy : `${target.proxy}:${target.configFile}`;
    case "url":
      return target.container === undefined ? maskUrl(target.url) : ownImageText(target.container);
    case "direct":
    case "embedded":
      return target.kind;
  }
}

/** Whether it is meant for an arm, without a name in front, and not for a file: by its first word. */
export function startsAsArm(text: string): boolean {
  const [kind = ""] = text.split(":");
  return (
    toProxyKind(kind) !== null || ["direct", "embedded"].includes(text) || isUrl(text) || isImageArm(text)
  );
}

/** `NAME=` in front of an arm taken off; any other text as it is. */
export function withoutArmName(text: string): string {
  return text.replace(/^[A-Za-z0-9._-]+=/, (name) => (startsAsArm(text.slice(name.length)) ? "" : name));
}

function isUrl(text: string): boolean {
  return /^wss?:\/\//i.test(text);
}

/** `a=ws://h/?x=1` has a name, `ws://h/?x=1` has none: only a name may stand before the first `=`. */
function splitName(text: string): { name: string | null; rest: string } {
  const at = text.indexOf("=");
  const before = text.slice(0, at);
  if (at <= 0 || before.includes("/") || before.includes(":")) return { name: null, rest: text };
  if (!armNamePattern.test(before)) {
    throw new UsageError(
      `Cannot name an arm "${before}": a name is 1 to 64 letters, digits, dots, dashes or underscores`,
    );
  }
  return { name: before, rest: text.slice(at + 1) };
}

function parseArmTarget(text: string, whole: string): ArmTarget {
  if (isUrl(text)) return { kind: "url", url: parseUrl(text) };
  if (isImageArm(text)) return imageTarget(parseImageArm(text));
  const colon = text.indexOf(":");
  const kind = colon === -1 ? text : text.slice(0, colon);
  const configFile = colon === -1 ? null : text.slice(colon + 1);
  const proxy = toProxyKind(kind);
  if (proxy !== null) {
    if (configFile === "")
      throw new UsageError(`Arm "${whole}" names no file: want ${proxy}:FILE, or ${proxy} alone`);
    return configFile === null
      ? { kind: "proxy", proxy, configFile }
      : { kind: "proxy", proxy, configFile, confinedTo: null };
  }
  if (kind !== "direct" && kind !== "embedded")
    throw new UsageError(`Unknown arm "${whole}"${armHint(text)}: want ${wantedForms}`);
  if (configFile !== null) throw new UsageError(`Arm "${whole}" takes no config: want ${kind} alone`);
  return { kind };
}

function imageTarget(arm: ImageArm | OwnImage): ArmTarget {
  if ("port" in arm) return { kind: "url", url: `ws://127.0.0.1:${arm.port}/`, container: arm };
  const { image, proxy, configFile } = arm;
  if (configFile === null) return { kind: "proxy", proxy, configFile, image };
  return { kind: "proxy", proxy, configFile, confinedTo: null, image };
}

function parseUrl(text: string): string {
  if (!URL.canParse(text)) throw new UsageError(`Arm "${text}" is no valid URL: want ws://HOST:PORT/PATH`);
  const url = new URL(text);
  if (url.hash !== "") {
    throw new UsageError(`Arm "${text}" has a fragment: a WebSocket URL must not have one (RFC 6455, 3)`);
  }
  return url.href;
}

/** `nginx`, `nginx-proxy_buffering-off`, a file's base name, or a URL's host: readable, and safe as a file name. */
function defaultName(target: ArmTarget, set: Readonly<Record<string, string>>): string {
  const variant = Object.entries(set).map(([directive, value]) => `-${directive}-${value}`);
  switch (target.kind) {
    case "proxy": {
      const file = target.configFile
        ?.split("/")
        .at(-1)
        ?.replace(/\.[^.]*$/, "");
      const whose = target.image ?? target.proxy;
      return safeName(`${file ? `${whose}-${file}` : whose}${variant.join("")}`);
    }
    case "url":
      return safeName(target.container?.image ?? new URL(target.url).host);
    case "direct":
      return target.kind;
    case "embedded":
      return safeName(`embedded${variant.join("")}`);
  }
}

/** Nothing hides such a file, nor takes its name for a flag, as that of `[::1]` would be. */
function safeName(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 64);
}
