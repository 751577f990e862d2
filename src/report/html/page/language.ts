/**
 * Before anything that formats numbers: in the C locale Chromium calls its language `en-US@posix`, which is no tag of
 * BCP 47, and uPlot hands it to Intl as it is read.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US" });
}
