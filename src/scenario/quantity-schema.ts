/**
 * Schemas of quantities: a number, or a text such as `5s`, `16k` or `3%`; both are checked against one range.
 */
import { z } from "zod";
import { type Quantity, quantityPattern, readQuantity, wantedWords } from "../base/quantity.js";

/** Gives a number in the kind's own unit; a fault says what is wanted, with an example. */
export function quantitySchema(quantity: Quantity): z.ZodType<number, number | string> {
  const { kind, least, most, isAbove = false } = quantity;
  const error = wantedWords(quantity);
  const bare = kind === "count" || kind === "size" ? z.int(error) : z.number(error);
  const ranged = (isAbove ? bare.gt(least, error) : bare.min(least, error)).max(most, error);
  return z
    .union([ranged, z.string().regex(quantityPattern(kind), error)], error)
    .transform((given, { addIssue }) => {
      const value = typeof given === "number" ? given : readQuantity(given, quantity);
      if (value !== null) return value;
      addIssue({ code: "custom", message: error });
      return z.NEVER;
    });
}

/** A share (0.05) or a percentage ("5%"), above 0. */
export const shareSchema = quantitySchema({ kind: "share", least: 0, most: 1, isAbove: true });
