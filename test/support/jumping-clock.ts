/**
 * Loaded before a program (`node --import`): its clock of the day jumps an hour to and fro, as when somebody sets the time of the
 * machine again and again.
 */
const hourMs = 3_600_000;
const everyMs = 20;

const timeOfDay = Date.now;
const jumped = (): number => {
  const isAhead = Math.floor(performance.now() / everyMs) % 2 === 1;
  return timeOfDay() + (isAhead ? hourMs : -hourMs);
};

globalThis.Date = class extends Date {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [jumped()] : parts) as [number]));
  }

  static override now(): number {
    return jumped();
  }
} as DateConstructor;
