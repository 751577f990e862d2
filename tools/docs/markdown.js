/** Markdown of the reference: text and tables, nothing of them read as anything else. */

export const generated = "<!-- Written by `npm run docs`: change the source. -->";

/** Prose that stands as it is. */
export function prose(text) {
  return text.replace(/[<*]/g, "\\$&");
}

export function code(text) {
  return `\`${text}\``;
}

/** @param rows cells that are Markdown already */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

export function page(title, parts) {
  return `${[`# ${title}`, generated, ...parts].join("\n\n")}\n`;
}
