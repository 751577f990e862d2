/**
 * Rows as CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front; control characters are
 * written out.
 */
import { stringify } from "csv-stringify/sync";
import { UsageError } from "../../base/errors.js";
import { escapeControls } from "../draw/plain-text.js";

/** No spreadsheet opens more; a run of thousands of trials has its document. */
const mostBytes = 48 * 1024 ** 2;

export type CsvValue = string | number;

/** Rows as text: as values they would take ten times the memory, and the same names come a thousand times. */
export class CsvSheet {
  readonly #lines: string[] = [];
  readonly #fields = new Map<CsvValue, string>();
  #length = 0;

  /** @throws UsageError where it comes to more than 48 MiB */
  add(row: readonly CsvValue[]): void {
    const line = row.map((value) => this.#fieldOf(value)).join(",");
    this.#lines.push(line);
    this.#length += line.length + 2;
    if (this.#length > mostBytes) {
      throw new UsageError(
        `Cannot write CSV of more than ${mostBytes >> 20} MiB: want fewer runs, or json, which has every number too`,
      );
    }
  }

  text(): string {
    return this.#lines.map((line) => `${line}\r\n`).join("");
  }

  /** Most numbers are of one trial alone. */
  #fieldOf(value: CsvValue): string {
    if (typeof value === "number" && value >= 0) return String(value);
    const known = this.#fields.get(value);
    if (known !== undefined) return known;
    const shown = typeof value === "string" ? escapeControls(value) : value;
    const field = stringify([[shown]], { eof: false, escape_formulas: true });
    this.#fields.set(value, field);
    return field;
  }
}
