/**
 * Code of a config does not run: Lua, agents, checks by programs. What does without them is left out; where they decide on
 * a request, the config cannot be measured.
 */
import { UsageError } from "../../../base/errors.js";
import { placeWords } from "../../../diagnosis/quote.js";
import {
  type ConfigLine,
  type ConfigTree,
  lineText,
  rewriteLines,
  type Section,
  startsWith,
} from "../language/config-tree.js";
import type { Adoption } from "./adoption.js";

/** Of any section. */
const leftOut: readonly (readonly [readonly string[], string])[] = [
  [["filter", "spoe"], "no agent is asked"],
  [["filter", "trace"], "the log is wsrally's"],
  [["filter", "opentracing"], "nobody is told of requests"],
  [["filter", "fcgi-app"], "the server is wsrally's backend"],
  [["use-fcgi-app"], "the server is wsrally's backend"],
  [["option", "external-check"], "no program of the config runs"],
  [["external-check"], "no program of the config runs"],
  [["email-alert"], "no mail is sent"],
  [["load-server-state-from-file"], "the servers are wsrally's backend"],
  [["server-state-file-name"], "the servers are wsrally's backend"],
];

/** Health checks: wsrally's backend is there and is not asked. */
const checks: readonly (readonly string[])[] = [
  ["http-check"],
  ["tcp-check"],
  ...[
    "httpchk",
    "tcp-check",
    "ssl-hello-chk",
    "mysql-check",
    "pgsql-check",
    "redis-check",
    "smtpchk",
    "ldap-check",
    "spop-check",
  ].map((name) => ["option", name]),
  ["option", "log-health-checks"],
];

export function adoptCode(tree: ConfigTree, adoption: Adoption): Section[] {
  return rewriteLines(tree, (line, section) => {
    const why =
      leftOut.find(([words]) => startsWith(line, words))?.[1] ??
      (!adoption.keepsUpstream && checks.some((words) => startsWith(line, words))
        ? "wsrally's backend is there, and is not asked"
        : undefined);
    if (why !== undefined) {
      adoption.note(`${nameOf(line)} was left out: ${why}`, line.place);
      return [];
    }
    if (section.kind === "global" && /^(?:lua-|tune\.lua|module-)/.test(line.name)) {
      adoption.note(`${line.name} was left out: no code of a config runs`, line.place);
      return [];
    }
    return withoutActions(line, adoption);
  });
}

function nameOf({ name, args }: ConfigLine): string {
  return name === "option" || name === "filter" ? `\`${name} ${args[0]}\`` : name;
}

/** An action in Lua, or of an agent, is left out; a condition or a value of one cannot be told. */
function withoutActions(line: ConfigLine, adoption: Adoption): readonly ConfigLine[] {
  const action = line.args.find((word) => /^(?:lua\.|send-spoe-group$)/.test(word));
  if (action !== undefined && /^(?:http|tcp)-(?:request|response|after-response)$/.test(line.name)) {
    const isService = line.args.includes("use-service");
    adoption.note(
      `\`${line.name} ${isService ? "use-service " : ""}${action}\` was left out: no code of a config runs`,
      line.place,
    );
    return [];
  }
  if (!line.args.some((word) => /(?:^|[[,( ])lua\.\w/.test(word))) return [line];
  throw new UsageError(
    `Cannot adopt ${placeWords(line.place)}: \`${lineText(line)}\` decides by code of the config, and none of it runs here; ` +
      "take it out, or put a condition of HAProxy's own in its place",
  );
}
