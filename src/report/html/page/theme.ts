/** Light or dark: as the system has it, until the reader chooses; paper is always light. */

/** @param onChange called when the colours have changed */
export function setUpTheme(onChange: () => void): void {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen: "light" | "dark" | null = null;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme";
  const isDark = (): boolean => (chosen === null ? system.matches : chosen === "dark");
  const show = (theme: "light" | "dark" | null): void => {
    if (theme === null) root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    button.textContent = isDark() ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    show(chosen);
    onChange();
  });
  system.addEventListener("change", () => {
    show(chosen);
    onChange();
  });
  // In the capture phase, so that the charts are drawn again after the colours have changed.
  window.addEventListener("beforeprint", () => show("light"), { capture: true });
  window.addEventListener("afterprint", () => show(chosen), { capture: true });
  show(null);
  document.getElementById("tools")?.append(button);
}
