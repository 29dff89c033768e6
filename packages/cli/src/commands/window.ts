import { Stop } from "../exit-code.ts";

/** `--from` and `--to` as the API takes them. */
export function windowOf(flags: { readonly from?: string; readonly to?: string }): {
  readonly from: string | undefined;
  readonly to: string | undefined;
} {
  for (const name of ["from", "to"] as const) {
    const text = flags[name];
    if (text !== undefined && Number.isNaN(Date.parse(text))) {
      throw new Stop(
        "usage",
        `--${name} takes an RFC 3339 time with its zone, for example 2026-11-23T10:00:00Z`,
      );
    }
  }
  return { from: flags.from, to: flags.to };
}
