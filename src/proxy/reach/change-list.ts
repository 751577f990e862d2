/**
 * What was changed in a user's config, a sentence each with the places.
 */
import { type Place, placeWords } from "../../diagnosis/quote.js";

export interface ChangeList {
  /** The same sentence about several places becomes one. */
  note(sentence: string, place: Place | null): void;
  changes(): string[];
}

export function createChangeList(): ChangeList {
  const placesBySentence = new Map<string, Set<string>>();
  return {
    note(sentence, place) {
      const places = placesBySentence.get(sentence) ?? new Set();
      if (place !== null) places.add(placeWords(place));
      placesBySentence.set(sentence, places);
    },
    changes: () =>
      [...placesBySentence].map(([sentence, places]) =>
        places.size === 0 ? sentence : `${sentence} (${[...places].join(", ")})`,
      ),
  };
}
