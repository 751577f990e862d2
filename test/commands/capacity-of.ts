/** What a search printed as its document. */
import assert from "node:assert/strict";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";

type Capacity = NonNullable<RunDocument["capacity"]>;

export function capacityOf(text: string): { document: RunDocument; capacity: Capacity } {
  const document = runDocumentSchema.parse(JSON.parse(text));
  assert.ok(document.capacity !== undefined);
  return { document, capacity: document.capacity };
}
