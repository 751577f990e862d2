/**
 * The workload's keys of its shape, as a scenario gives them (objects) or a flag (one text): how long messages are, who
 * sends how often, and how that goes over time; or all of it as it was recorded.
 */
import { z } from "zod";
import { askingBytesMin } from "../base/sized-message.js";
import { churnSchema } from "./churn.js";
import { mixSchema } from "./mix-schema.js";
import { quantitySchema } from "./quantity-schema.js";
import { HarFault, readHar } from "./replay/read-har.js";
import { readSizeText, type SizeWish, sizeWords } from "./sizes.js";
import { stagesSchema } from "./stages-schema.js";
import { textOr } from "./text-or.js";
import { thinkSchema } from "./think.js";

const sizeText = z
  .union([z.number().transform(String), z.string()], { error: sizeWords })
  .refine((text) => readSizeText(text) !== null, sizeWords);

const sizesWords = `${sizeWords}; or up and down`;
const sizesSchema = textOr(
  z.strictObject({ up: sizeText, down: sizeText.nullish() }, { error: sizesWords }),
  (text) => {
    const [up = "", down] = text.split("=>").map((part) => part.trim());
    return { up, down };
  },
  sizesWords,
)
  .transform(({ up, down }): SizeWish => ({ up, down: down ?? null }))
  .refine(({ up, down }) => {
    const spec = readSizeText(up);
    return down === null || spec?.kind !== "range" || spec.least >= askingBytesMin;
  }, `want messages of ${askingBytesMin} bytes and more beside sizes of replies: each says how long its own is to be`)
  .describe(
    "Bytes a message, drawn by seed: 64..1500, lognormal(MEDIAN, SPREAD) or a file of sizes; UP => DOWN for replies of other sizes",
  );

const replaySchema = z
  .string("want a HAR file")
  .min(1, "want a HAR file")
  .check(({ value, issues }) => {
    try {
      readHar(value);
    } catch (thrown) {
      if (!(thrown instanceof HarFault)) throw thrown;
      issues.push({ code: "custom", input: value, message: thrown.why });
    }
  })
  .describe(
    "HAR file whose WebSocket sessions every connection goes through: sizes, gaps and directions, without the contents (none)",
  );

/** Beside the others of a workload. */
export const shapeKeys = {
  sizes: sizesSchema,
  compressibility: quantitySchema({ kind: "share", least: 0, most: 0.99 }).describe(
    "How much DEFLATE saves of what messages of sizes are filled with, at the least (0 %; of text 18 %)",
  ),
  mix: mixSchema,
  stages: stagesSchema,
  think: thinkSchema,
  churn: churnSchema,
  replay: replaySchema,
} as const;
