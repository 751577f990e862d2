/**
 * Fills places in with variables of the environment, and notes which columns of the data each connection fills in for
 * itself.
 */
import { parseCsv } from "../base/csv.js";
import { messageOf, UsageError } from "../base/errors.js";
import { readSmallFile } from "../base/read-small-file.js";
import { parseTemplate } from "../base/text-template.js";

/** Where a value goes: what may stand there, and how it is written. */
export interface Place {
  readonly name: string;
  readonly wanted: RegExp;
  readonly words: string;
  readonly write: (value: string) => string;
}

const asItIs = (value: string): string => value;
export const inPath: Place = { name: "path", wanted: /^/, words: "", write: encodeURIComponent };
export const inHeader: Place = {
  name: "header",
  wanted: /^[\t\x20-\x7e]*$/,
  words: "ASCII in one line",
  write: asItIs,
};
export const inCookie: Place = {
  name: "cookie",
  wanted: /^[!-:<-~]*$/,
  words: "ASCII without blanks and semicolons",
  write: asItIs,
};
export const inSubprotocol: Place = {
  name: "subprotocol",
  wanted: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/,
  words: "a token",
  write: asItIs,
};

/** In a message: as it is. */
export const inMessage: Place = { name: "message", wanted: /^/, words: "", write: asItIs };

export interface Data {
  readonly file: string;
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** @throws UsageError where it cannot be read, or is no table */
export function readData(file: string): Data {
  let text: string;
  try {
    text = readSmallFile(file).toString("utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read the data ${file}: ${messageOf(thrown)}`);
  }
  const [columns, ...records] = parseCsv(text) ?? [];
  if (columns === undefined || records.length === 0)
    throw new UsageError(`Cannot use the data ${file}: want CSV with names in its first line and rows below`);
  const odd = records.findIndex((record) => record.length !== columns.length);
  if (odd !== -1) {
    const [has, want] = [records[odd]?.length ?? 0, columns.length];
    throw new UsageError(
      `Cannot use the data ${file}: row ${odd + 1} has ${has} values, the first line ${want}`,
    );
  }
  return { file, columns: columns.map((name) => name.trim()), records };
}

export class Filler {
  readonly #data: Data | null;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #secrets: string[] = [];
  /** For each column of the rows: the data's values as they are written in one kind of place. */
  readonly #used: { readonly name: string; readonly place: Place; readonly values: readonly string[] }[] = [];

  constructor(data: Data | null, environment: NodeJS.ProcessEnv) {
    this.#data = data;
    this.#environment = environment;
  }

  fill(text: string, place: Place): (string | number)[] {
    return parseTemplate(text).map((part) => {
      if (part.kind === "text") return part.text;
      return part.kind === "env" ? this.variable(part.name, place) : this.column(part.name, place);
    });
  }

  /** The values of the used columns alone, row by row. */
  rows(): string[][] {
    if (this.#used.length === 0) return [];
    return (this.#data?.records ?? []).map((_, row) => this.#used.map(({ values }) => values[row] ?? ""));
  }

  /** What the environment put into messages. */
  secrets(): string[] {
    return this.#secrets;
  }

  variable(name: string, place: Place): string {
    const value = this.#environment[name];
    if (value === undefined || value === "")
      throw new UsageError(`Cannot fill \${env:${name}} in: the environment has no ${name}, or an empty one`);
    if (place === inMessage) this.#secrets.push(value);
    if (place.wanted.test(value)) return place.write(value);
    throw new UsageError(`Cannot put \${env:${name}} into a ${place.name}: want ${place.words}`);
  }

  column(name: string, place: Place): number {
    const known = this.#used.findIndex((column) => column.name === name && column.place === place);
    if (known !== -1) return known;
    if (this.#data === null)
      throw new UsageError(`Cannot fill {{${name}}} in: want --data FILE.csv with a column ${name}`);
    const { file, columns, records } = this.#data;
    const at = columns.indexOf(name);
    if (at === -1)
      throw new UsageError(`Cannot fill {{${name}}} in: ${file} has the columns ${columns.join(", ")}`);
    const values = records.map((record, row) => {
      const value = record[at] ?? "";
      if (place.wanted.test(value)) return place.write(value);
      const where = `the ${name} of row ${row + 1} of ${file}`;
      throw new UsageError(`Cannot put ${where} into a ${place.name}: want ${place.words}`);
    });
    return this.#used.push({ name, place, values }) - 1;
  }
}
