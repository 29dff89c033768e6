import { batchColumns } from "@custody/model";

/** The columns of a batch file as ClickHouse's table functions want them. */
export const batchStructure: string = batchColumns
  .map(([name, type]) => `${name} ${type}`)
  .join(", ");
