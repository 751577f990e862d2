/**
 * A chart with all that a reader needs to use it: a choice of views, a legend whose entries switch lines off, and a
 * cursor that the arrow keys move and a screen reader reads.
 */
import type { ChartView } from "./chart-view.js";
import { createPlot, type Plot } from "./create-plot.js";

interface MountedChart {
  /** Draws again, after the colours changed. @param width in CSS pixels; that of its place when left out */
  redraw(width?: number): void;
}

export function mountChart(place: HTMLElement, views: readonly ChartView[]): MountedChart {
  return new Chart(place, views);
}

class Chart implements MountedChart {
  readonly #views: readonly ChartView[];
  #view: ChartView;
  #plot: Plot | null = null;
  #index: number | null = null;
  readonly #hidden = new Set<string>();
  readonly #ground = element("div", "chart-ground");
  readonly #legend = element("ul", "legend");
  readonly #where = element("span", "where");

  constructor(place: HTMLElement, views: readonly ChartView[]) {
    const [first] = views;
    if (first === undefined) throw new Error("a chart without a view");
    this.#views = views;
    this.#view = first;
    const head = element("div", "chart-head");
    head.append(...this.#createChoices());
    head.append(this.#legend, this.#where);
    this.#ground.tabIndex = 0;
    this.#ground.setAttribute("role", "slider");
    this.#ground.addEventListener("keydown", (event) => this.#press(event));
    place.append(head, this.#ground);
    this.#show(first);
    // A canvas does not follow its place by itself.
    new ResizeObserver(() => {
      const width = this.#ground.clientWidth;
      if (width > 0 && width !== this.#plot?.width) this.#plot?.resize(width);
    }).observe(this.#ground);
  }

  redraw(width?: number): void {
    this.#plot?.destroy();
    this.#plot = createPlot(this.#ground, this.#view, {
      width: width ?? this.#ground.clientWidth,
      isShown: (name) => !this.#hidden.has(name),
      onCursor: (index) => this.#read(index),
    });
  }

  #show(view: ChartView): void {
    this.#view = view;
    this.#ground.setAttribute("aria-label", `${view.name} by ${view.xLabel}; arrow keys read the values`);
    this.#ground.setAttribute("aria-valuemin", "0");
    this.#ground.setAttribute("aria-valuemax", String(Math.max(0, view.xs.length - 1)));
    this.#legend.replaceChildren(...view.lines.map((line) => this.#createEntry(line)));
    this.redraw();
    this.#read(null);
  }

  /** A list for what is shown, and one for the arms it is shown of; a list of one is none. */
  #createChoices(): HTMLElement[] {
    const choices = [
      { label: "Show ", names: this.#views.map(({ name }) => name), isIn: "name" },
      { label: "at ", names: this.#views.map(({ scope }) => scope), isIn: "scope" },
    ] as const;
    return choices.flatMap(({ label, names, isIn }) => {
      const distinct = [...new Set(names)];
      if (distinct.length < 2) return [];
      const wrapper = element("label", "choice");
      const select = element("select", "");
      for (const name of distinct) select.append(new Option(name, name));
      select.addEventListener("change", () => {
        const wanted = { name: this.#view.name, scope: this.#view.scope, [isIn]: select.value };
        const found = this.#views.find(({ name, scope }) => name === wanted.name && scope === wanted.scope);
        this.#show(found ?? this.#view);
      });
      wrapper.append(label, select);
      return [wrapper];
    });
  }

  #createEntry({ name, arm, style }: ChartView["lines"][number]): HTMLElement {
    const entry = element("li", "");
    const button = element("button", `entry arm-${arm % 8} ${style}`);
    button.type = "button";
    button.setAttribute("aria-pressed", String(!this.#hidden.has(name)));
    button.addEventListener("click", () => {
      if (!this.#hidden.delete(name)) this.#hidden.add(name);
      button.setAttribute("aria-pressed", String(!this.#hidden.has(name)));
      this.redraw();
    });
    const words = element("span", "name");
    words.textContent = name;
    button.append(element("span", "swatch"), words, element("span", "value"));
    entry.append(button);
    return entry;
  }

  #press(event: KeyboardEvent): void {
    const last = this.#view.xs.length - 1;
    const from = this.#index ?? -1;
    const places: Record<string, number> = {
      ArrowRight: this.#index === null ? 0 : from + 1,
      ArrowUp: this.#index === null ? 0 : from + 1,
      ArrowLeft: this.#index === null ? last : from - 1,
      ArrowDown: this.#index === null ? last : from - 1,
      PageUp: from + 10,
      PageDown: from - 10,
      Home: 0,
      End: last,
    };
    const wanted = places[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.#plot?.moveCursor(Math.max(0, Math.min(last, wanted)));
  }

  /** Puts what stands under the cursor into the legend, and into the words for a screen reader. */
  #read(index: number | null): void {
    this.#index = index;
    const reading = index === null ? null : this.#view.readAt(index);
    this.#where.textContent = reading === null ? "" : reading.where;
    const values = [...this.#legend.querySelectorAll(".value")];
    for (const [i, value] of values.entries()) value.textContent = reading?.values[i] ?? "";
    const said = this.#view.lines.flatMap(({ name }, i) => {
      const value = reading?.values[i] ?? null;
      return value === null ? [] : [`${name} ${value}`];
    });
    this.#ground.setAttribute("aria-valuenow", String(index ?? 0));
    this.#ground.setAttribute(
      "aria-valuetext",
      reading === null ? "no place chosen" : `${reading.where}: ${said.join(", ")}`,
    );
  }
}

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  return made;
}
