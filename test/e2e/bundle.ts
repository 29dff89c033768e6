import { constants, inflateRawSync } from "node:zlib";
import { controlPath, exceptionColumns, openZip } from "@custody/verify";
import { type CustodyProcess, eventually } from "./custody-process.ts";

/** One exception of a control, as the bundle lists it. */
export type Exception = Readonly<Record<(typeof exceptionColumns)[number], string>>;

/** Exports everything this server holds and answers the exceptions of one control. */
export async function exceptionsOf(
  custody: CustodyProcess,
  control: string,
): Promise<readonly Exception[]> {
  const job = (await custody.post("/v1/exports", {
    framework: "soc2",
    from: "2020-01-01T00:00:00Z",
    to: "2100-01-01T00:00:00Z",
    controls: [control],
    purpose: "to see which actions are listed",
  })) as { readonly id: string };
  await eventually(async () => {
    const { status, error } = (await custody.get(`/v1/exports/${job.id}`)) as {
      readonly status: string;
      readonly error: string | null;
    };
    if (status === "failed") throw new Error(error ?? "failed");
    return status === "done" ? true : undefined;
  }, "the export");
  const response = await fetch(`${custody.api}/v1/exports/${job.id}/bundle`, {
    headers: { authorization: `Bearer ${custody.adminKey}` },
  });
  const bundle = openZip(new Uint8Array(await response.arrayBuffer()), {
    inflateRaw: (packed, size) =>
      inflateRawSync(packed, {
        maxOutputLength: Math.max(1, size),
        finishFlush: constants.Z_FINISH,
      }),
  });
  const text = new TextDecoder().decode(await bundle.read(controlPath(control, "exceptions")));
  return rowsOf(text);
}

/** CSV without line breaks inside fields, which no value of these tests has. */
function rowsOf(text: string): readonly Exception[] {
  const [head = "", ...lines] = text.trim().split(/\r?\n/);
  const names = cells(head);
  return lines.map((line) => {
    const row = cells(line);
    const value = (name: string): string => row[names.indexOf(name)] ?? "";
    const [leaf, sha, item, codes] = exceptionColumns;
    return {
      leaf_index: value(leaf),
      record_sha256: value(sha),
      item: value(item),
      exception_codes: value(codes),
    };
  });
}

function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
