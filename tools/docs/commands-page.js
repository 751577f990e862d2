/** The reference of commands: each with its flags and examples, flags of several commands once. */
import { code, page, prose, table } from "./markdown.js";

export function commandsPage(facts, shared) {
  const textsOf = new Map(
    shared.map(({ heading, terms }) => [heading, new Map(terms.map(({ term, text }) => [term, text]))]),
  );
  const list = table(
    ["command", "what it does"],
    facts.map(({ name, summary }) => [`[${code(name)}](#${anchor(`wsrally ${name}`)})`, prose(summary)]),
  );
  return page("Commands", [
    "As `--help` tells them, which fits your terminal. `man wsrally-COMMAND` has the same.",
    list,
    ...facts.flatMap((command) => commandParts(command, textsOf)),
    "## Flags of several commands",
    ...shared.flatMap(({ heading, commands, terms }) => [
      `### ${heading}`,
      `Of ${commands.map(code).join(", ")}; a command that has no use for one leaves it out of its help, and refuses it with the reason.`,
      termTable("flag", terms),
    ]),
  ]);
}

/** @param textsOf of the groups that are told once: what each flag is for; a command that means something else by one says so */
function commandParts({ name, takes, description, terms, groups, examples }, textsOf) {
  const links = [];
  const own = [];
  for (const { heading, terms: all } of groups) {
    const title = heading.replace(/:$/, "");
    const texts = textsOf.get(title);
    if (texts !== undefined) links.push(`[${title}](#${anchor(title)})`);
    const flags = all.filter(({ term, text }) => texts?.get(term) !== text);
    if (flags.length > 0) own.push({ title, flags });
  }
  return [
    `## wsrally ${name}`,
    code(`wsrally ${name} ${takes}`.trim()),
    prose(description),
    ...(terms.length === 0 ? [] : [termTable("argument", terms)]),
    ...own.map(({ title, flags }) => termTable(title === "Options" ? "flag" : title.toLowerCase(), flags)),
    ...(links.length === 0 ? [] : [`Besides: ${links.join(", ")}.`]),
    ...(examples === "" ? [] : [`\`\`\`\n${examples}\n\`\`\``]),
  ];
}

function termTable(head, terms) {
  return table(
    [head, ""],
    terms.map(({ term, text }) => [code(term), prose(text)]),
  );
}

/** As GitHub makes one of a heading. */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, "")
    .replaceAll(" ", "-");
}
