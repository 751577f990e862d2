/**
 * A `crt-list`: a line a certificate, `FILE [OPTIONS] NAME …`, the options in brackets; names may begin with `*.`, and with `!`
 * for those that are not meant (HAProxy's configuration manual, 5.1, crt-list).
 */

interface ListedCertificate {
  readonly file: string;
  /** Empty where the certificate's own names tell. */
  readonly names: readonly string[];
}

/**
 * The files of a list that a client may be shown that asks for a name.
 * @param lines without comments and empty ones
 * @param serverName null for a client that names nobody, who is shown the first
 */
export function certificatesListed(lines: readonly string[], serverName: string | null): string[] {
  const listed = lines.map(parseLine);
  const first = listed.slice(0, 1);
  if (serverName === null) return filesOf(first);
  const named = listed.filter(({ names }) => isNamed(names, serverName.toLowerCase()));
  const open = listed.filter(({ names }) => names.length === 0);
  const shown = named.length > 0 ? named : open;
  return filesOf(shown.length > 0 ? shown : first);
}

function parseLine(line: string): ListedCertificate {
  const [file = "", ...names] = line
    .replace(/\[[^\]]*\]/, " ")
    .trim()
    .split(/\s+/);
  return { file, names: names.map((name) => name.toLowerCase()) };
}

function isNamed(names: readonly string[], serverName: string): boolean {
  const isMeant = (name: string): boolean =>
    name === serverName || (name.startsWith("*.") && serverName.replace(/^[^.]*/, "*") === name);
  return names.some(isMeant) && !names.some((name) => name.startsWith("!") && isMeant(name.slice(1)));
}

function filesOf(listed: readonly ListedCertificate[]): string[] {
  return [...new Set(listed.map(({ file }) => file))];
}
