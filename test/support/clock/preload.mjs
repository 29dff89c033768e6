// Preloaded into a genuine `custody up`: its clock stands this far from the machine's. It goes on, and steps nowhere.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const genuineNow = Date.now;
Date.now = () => genuineNow() + shiftMs;
