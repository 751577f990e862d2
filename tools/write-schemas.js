/** Writes the published JSON Schemas from the compiled tree: `npm run schemas`. */
import { writeFileSync } from "node:fs";
import { jsonSchemas } from "../build/results/json-schemas.js";

for (const [name, schema] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
