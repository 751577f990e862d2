/**
 * Documents against the schemas that are published with the program.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** That of a run is compiled for half a second: once a process, and without what would make it quicker to run. */
const compiled = new Map<string, ValidateFunction>();

function validatorOf(schema: string): ValidateFunction {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, code: { optimize: false } });
  const validator = ajv.compile(JSON.parse(readFileSync(`schemas/${schema}.schema.json`, "utf8")));
  compiled.set(schema, validator);
  return validator;
}

/** @param schema the name of its file in schemas/, as in `run` */
export function assertDocument(schema: string, document: unknown): void {
  const isDocument = validatorOf(schema);
  assert.ok(isDocument(document), JSON.stringify(isDocument.errors?.slice(0, 3)));
}
