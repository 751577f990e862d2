/**
 * An arm: one configuration under test, written `KIND:CONFIG`, a kind alone, or a `ws://`/`wss://` URL, each
 * with an optional `NAME=` in front.
 */
import { UsageError } from "../base/errors.js";

/** What stands between the generator and the backend. */
export type ArmTarget =
  /** nginx with its built-in good config. */
  | { readonly kind: "nginx"; readonly configFile: null }
  /** nginx with a file: a stranger's, which may be read from these folders alone, or (null) the user's own. */
  | { readonly kind: "nginx"; readonly configFile: string; readonly confinedTo: readonly string[] | null }
  /** No proxy: the floor. */
  | { readonly kind: "direct" }
  /** A plain TCP relay in Node, for machines with no proxy; it stands for no proxy of the real world. */
  | { readonly kind: "embedded" }
  /** Something already running, reached by its URL; wsrally sees only its own side of it. */
  | { readonly kind: "url"; readonly url: string };

export type ArmKind = ArmTarget["kind"];

export interface Arm {
  /** Unique within a scenario; names the arm in reports and its files on disk. */
  readonly name: string;
  readonly target: ArmTarget;
  /** `--set directive=value` pairs for a built-in config, in the order given. */
  readonly set: Readonly<Record<string, string>>;
}

const armNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const wantedForms =
  "nginx, nginx:FILE, direct, embedded, ws://HOST:PORT/PATH or wss://HOST:PORT/PATH, with NAME= in front if wanted";

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
      `Cannot set ${directive} on arm "${text}": --set changes the built-in config of nginx, and the embedded relay, only`,
    );
  }
  return { name: name ?? defaultName(target, set), target, set };
}

/** Whether `--set` and the directives of a matrix can change it. */
export function takesSettings(target: ArmTarget): boolean {
  return target.kind === "embedded" || (target.kind === "nginx" && target.configFile === null);
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
  if (/^wss?:\/\//i.test(text)) return { kind: "url", url: parseUrl(text) };
  const colon = text.indexOf(":");
  const kind = colon === -1 ? text : text.slice(0, colon);
  const config = colon === -1 ? null : text.slice(colon + 1);
  switch (kind) {
    case "nginx":
      if (config === "")
        throw new UsageError(`Arm "${whole}" names no file: want nginx:FILE, or nginx alone`);
      return config === null ? { kind, configFile: null } : { kind, configFile: config, confinedTo: null };
    case "direct":
    case "embedded":
      if (config !== null) throw new UsageError(`Arm "${whole}" takes no config: want ${kind} alone`);
      return { kind };
    default:
      throw new UsageError(`Unknown arm "${whole}": want ${wantedForms}`);
  }
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
    case "nginx": {
      const file = target.configFile
        ?.split("/")
        .at(-1)
        ?.replace(/\.[^.]*$/, "");
      return safeName(`${file ? `nginx-${file}` : "nginx"}${variant.join("")}`);
    }
    case "url":
      return safeName(new URL(target.url).host);
    case "direct":
      return target.kind;
    case "embedded":
      return safeName(`embedded${variant.join("")}`);
  }
}

function safeName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 64);
}
