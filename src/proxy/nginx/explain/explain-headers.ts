/**
 * Headers that do not arrive as they were sent, and the lines of nginx's config that set or hide them.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, written } from "../language/nginx-tree.js";
import { type ConfigView, viewsBehind } from "./config-view.js";
import { headerNamed } from "./explain-upgrade.js";
import type { Reading } from "./reading.js";

type Changed = Extract<Symptom, { readonly kind: "header-changed" }>;

export function explainHeader(reading: Reading, { header, way, arrived }: Changed): Explanation | null {
  if (way === "to-client") return explainHidden(reading.view, header);
  return /^(x-forwarded-)?host$/i.test(header)
    ? explainHost(reading, header, arrived)
    : explainSet(reading.view, header);
}

/** Of the servers on the way the last: what it sets is what arrives. */
function explainHost({ view, path }: Reading, header: string, arrived: string | null): Explanation | null {
  const last = viewsBehind(view, path).at(-1) ?? view;
  const set = setLine(last, header);
  if (set === undefined && header !== "Host") return null;
  const words =
    set === undefined
      ? "without a proxy_set_header Host nginx sends proxy_pass's own name ($proxy_host)"
      : written(set);
  const isPortless = arrived !== null && !/:\d+$/.test(arrived) && /\$\{?host\b/.test(set?.args[1] ?? "");
  return {
    cause: isPortless ? `${words}: $host has no port` : words,
    cure: `${last.whereHeaders}:\nproxy_set_header ${header} $http_host;`,
  };
}

function explainSet(view: ConfigView, header: string): Explanation | null {
  const [off] = view.effective("proxy_pass_request_headers").filter(({ args }) => args[0] === "off");
  const line = setLine(view, header) ?? off;
  return line === undefined
    ? null
    : { cause: written(line), cure: `take the line out: nginx passes ${header} on by itself` };
}

/** What else nginx does with the cookies of an answer. */
const cookieDirectives = [
  "proxy_ignore_headers",
  "proxy_cookie_path",
  "proxy_cookie_domain",
  "proxy_cookie_flags",
];

function explainHidden(view: ConfigView, header: string): Explanation | null {
  const hides = view.effective("proxy_hide_header").filter(({ args }) => isNamed(args[0], header));
  const others = header === "Set-Cookie" ? cookieDirectives.flatMap((name) => view.effective(name)) : [];
  const lines = [...hides, ...others];
  if (lines.length === 0) return null;
  const pass = hides.length > 0 ? `, or:\nproxy_pass_header ${header};` : "";
  return { cause: lines.map(written).join(", "), cure: `take the line out${pass}` };
}

export function explainClient({ view }: Reading, forged: boolean): Explanation {
  return {
    cause: `nothing sets X-Forwarded-For for this path${forged ? ": what the client sends arrives as it is" : ""}`,
    cure: `${view.whereHeaders}:\nproxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;`,
  };
}

export function explainScheme({ view }: Reading): Explanation {
  return {
    cause: "nothing sets X-Forwarded-Proto for this path",
    cure: `${view.whereHeaders}:\nproxy_set_header X-Forwarded-Proto $scheme;`,
  };
}

function setLine(view: ConfigView, header: string): Directive | undefined {
  return headerNamed(view.effective("proxy_set_header"), header.toLowerCase());
}

function isNamed(word: string | undefined, header: string): boolean {
  return word?.toLowerCase() === header.toLowerCase();
}
