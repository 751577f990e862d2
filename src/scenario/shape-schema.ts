/**
 * The workload's keys of its shape, as a scenario gives them (objects) or a flag (one text): how long messages are, who sends how often, and
 * how that goes over time.
 */
import { z } from "zod";
import { askingBytesMin } from "../base/sized-message.js";
import { mixSchema } from "./mix-schema.js";
import { readSizeText, type SizeWish, sizeWords } from "./sizes.js";
import { stagesSchema } from "./stages-schema.js";

const sizeText = z
  .union([z.number().transform(String), z.string()], { error: sizeWords })
  .refine((text) => readSizeText(text) !== null, sizeWords);

const sizesSchema = z
  .preprocess(
    (given) => {
      if (typeof given === "number") return { up: given };
      if (typeof given !== "string") return given;
      const [up, down] = given.split("=>");
      return { up: up?.trim(), ...(down === undefined ? {} : { down: down.trim() }) };
    },
    z.strictObject({ up: sizeText, down: sizeText.nullish() }, { error: `${sizeWords}; or up and down` }),
  )
  .transform(({ up, down }): SizeWish => ({ up, down: down ?? null }))
  .refine(({ up, down }) => {
    const spec = readSizeText(up);
    return down === null || spec?.kind !== "range" || spec.least >= askingBytesMin;
  }, `want messages of ${askingBytesMin} bytes and more beside sizes of replies: each says how long its own is to be`)
  .describe(
    "Bytes a message, drawn by seed: 64..1500, lognormal(MEDIAN, SPREAD) or a file of sizes; UP => DOWN for replies of other sizes",
  );

/** Beside the others of a workload. */
export const shapeKeys = {
  sizes: sizesSchema,
  mix: mixSchema,
  stages: stagesSchema,
} as const;
