/** Manual pages, in the man macros of roff: one of wsrally itself, and one of each command. */
import { exitCodes, exitMeanings } from "../../build/base/exit-codes.js";
import { toolVersion } from "../../build/base/tool-version.js";

/** Of the program itself, as its page is called. */
const program = "wsrally";

/** @returns texts by file name */
export function manualPages(facts, changelog) {
  const released = /^## \S+ \((\d{4}-\d{2}-\d{2})\)/m.exec(changelog)?.[1] ?? "";
  const commands = facts.filter(({ name }) => !name.includes(" "));
  const pages = commands.map((command) => {
    const inner = facts.filter(({ name }) => name.startsWith(`${command.name} `));
    return [`${program}-${command.name}.1`, commandPage(command, inner, released)];
  });
  return Object.fromEntries([[`${program}.1`, programPage(commands, released)], ...pages]);
}

function programPage(commands, released) {
  return roff([
    head(program, released),
    section("Name", `${program} \\- measure what a proxy does to WebSockets`),
    section("Synopsis", [`.B ${program}`, ".I command", ".RI [ flags ]"]),
    section(
      "Description",
      plain(
        "Opens thousands of connections through a real proxy, stands at both ends of it, and says whether one config is better, worse or equivalent to another, with an interval, or that it cannot tell. Each command has a page of its own: wsrally-probe(1) and so on.",
      ),
    ),
    section(
      "Commands",
      termList(
        commands.map(({ name, takes, summary }) => ({ term: `${name} ${takes}`.trim(), text: summary })),
      ),
    ),
    section("Exit status", exitList()),
    section("Environment", termList(environment)),
    section(
      "Files",
      termList([
        { term: "results/", text: "A folder for each run: run.json, histograms, configs, logs, report.html" },
      ]),
    ),
    section("See also", plain(commands.map(({ name }) => `${program}-${name}(1)`).join(", "))),
  ]);
}

const environment = [
  {
    term: "WSRALLY_NGINX, WSRALLY_HAPROXY, WSRALLY_CADDY, WSRALLY_ENVOY, WSRALLY_TRAEFIK, WSRALLY_APACHE",
    text: "The program to run as that proxy",
  },
  {
    term: "NO_COLOR, FORCE_COLOR, CI",
    text: "Whether what is printed has colours, and progress is rewritten in place",
  },
];

function commandPage({ name, takes, summary, description, terms, groups, examples }, inner, released) {
  return roff([
    head(`${program}-${name}`, released),
    section("Name", `${program}-${name} \\- ${literal(summary)}`),
    section("Synopsis", [
      `.B ${program} ${name}`,
      ...(takes === "" ? [] : [`.I ${literal(takes)}`]),
      ".RI [ flags ]",
    ]),
    section("Description", plain(description)),
    ...(terms.length === 0 ? [] : [section("Arguments", termList(terms))]),
    ...groups
      .filter(({ terms: flags }) => flags.length > 0)
      .map(({ heading, terms: flags }) => section(heading.replace(/:$/, ""), termList(flags))),
    ...(inner.length === 0 ? [] : [section("Commands", inner.flatMap(innerLines))]),
    section("Exit status", exitList()),
    ...(examples === "" ? [] : [section("Examples", verbatim(examples.replace(/^Examples:\n/, "")))]),
    section("See also", plain(`${program}(1)`)),
  ]);
}

function innerLines({ name, takes, description, terms, groups }) {
  const flags = groups.flatMap(({ terms: own }) => own);
  return [
    `.SS ${literal(`${name} ${takes}`.trim())}`,
    ...plain(description),
    ...termList([...terms, ...flags]),
  ];
}

function head(title, released) {
  return `.TH ${literal(title.toUpperCase())} 1 "${released}" "${program} ${toolVersion}" "${program} manual"`;
}

function section(title, lines) {
  return [`.SH ${literal(title.toUpperCase())}`, ...[lines].flat()];
}

function exitList() {
  return termList(
    Object.entries(exitCodes).map(([name, number]) => ({ term: String(number), text: exitMeanings[name] })),
  );
}

function termList(terms) {
  return terms.flatMap(({ term, text }) => [".TP", `.B ${literal(term)}`, ...plain(text)]);
}

function verbatim(text) {
  return [
    ".nf",
    ...text.split("\n").map((line) => (line.trim() === "" ? ".sp" : guard(literal(line)))),
    ".fi",
  ];
}

/** A paragraph, a line a sentence. */
function plain(text) {
  return text
    .split(/(?<=[.?!]) (?=[A-Z])/)
    .filter((line) => line !== "")
    .map((line) => guard(literal(line)));
}

/** A hyphen that is typed has to stay one where it is copied from, and a backslash is roff's own. */
function literal(text) {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-");
}

/** A dot or an apostrophe at a line's begin is a request. */
function guard(line) {
  return /^[.']/.test(line) ? `\\&${line}` : line;
}

function roff(parts) {
  return `${parts.flat().join("\n")}\n`;
}
