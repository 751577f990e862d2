/** The colours that a canvas draws with: the style sheet's, which a canvas does not know by itself. */

export interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly band: string;
  readonly ground: string;
  readonly arms: readonly string[];
}

/** The style sheet's colours as the browser has worked them out for light or dark. */
export function coloursOf(ground: HTMLElement): Colours {
  const probe = document.createElement("span");
  ground.append(probe);
  const read = (name: string): string => {
    probe.className = `colour-${name}`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    text: read("text"),
    grid: read("grid"),
    band: read("band"),
    ground: read("ground"),
    arms: Array.from({ length: 8 }, (_, arm) => read(`arm-${arm}`)),
  };
  probe.remove();
  return colours;
}
