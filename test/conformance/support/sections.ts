/** All of them. */
import type { Section } from "./case.js";
import { closeSections } from "./close-sections.js";
import { controlSections } from "./control-sections.js";
import { framingSections } from "./framing-sections.js";
import { textSections } from "./text-sections.js";

export const sections: readonly Section[] = [
  ...framingSections,
  ...controlSections,
  ...textSections,
  ...closeSections,
];
