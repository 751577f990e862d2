/**
 * What the config alone shows, whatever was seen: one function a thing, each in a file of its own.
 */
import type { Finding } from "../../../diagnosis/finding.js";
import type { Reading } from "./reading.js";

type Adviser = (reading: Reading) => readonly Finding[];

const advisers: readonly Adviser[] = [];

export function advise(reading: Reading): readonly Finding[] {
  return advisers.flatMap((adviser) => adviser(reading));
}
