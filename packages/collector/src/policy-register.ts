import type { Body, PolicyKind, StoreReader } from "@custody/model";
import { policyRecords } from "@custody/storage/queries";

/** One version of a policy as the ledger has it. */
export interface PolicyVersion {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly author: string;
  readonly approver?: string;
  readonly effective_from?: string;
  readonly effective_to?: string;
}

/**
 * The versions of each tenant's policies: read from the store once, then kept in step with what is committed here.
 * `exclusively` runs one change of a tenant at a time, so that two proposals never get one version number.
 */
export interface PolicyRegister {
  exclusively<T>(tenant: string, change: (book: PolicyBook) => Promise<T>): Promise<T>;
}

interface PolicyBook {
  versions(kind: PolicyKind, name: string): readonly PolicyVersion[];
  note(version: PolicyVersion): void;
}

export function createPolicyRegister(reader: StoreReader): PolicyRegister {
  const books = new Map<string, Promise<Book>>();
  const queues = new Map<string, Promise<unknown>>();
  const bookOf = (tenant: string): Promise<Book> => {
    const known = books.get(tenant) ?? load(reader, tenant);
    books.set(tenant, known);
    known.catch(() => books.delete(tenant));
    return known;
  };
  return {
    exclusively(tenant, change) {
      const before = queues.get(tenant) ?? Promise.resolve();
      const after = before.catch(() => undefined).then(async () => change(await bookOf(tenant)));
      queues.set(tenant, after);
      return after;
    },
  };
}

async function load(reader: StoreReader, tenant: string): Promise<Book> {
  const book = new Book();
  for (const { record } of await policyRecords({ reader, tenant })) {
    const body = record.body as Body<"policy">;
    book.note(versionOf(body));
  }
  return book;
}

export function versionOf(body: Body<"policy">): PolicyVersion {
  const { kind, name, version, digest, author, approver, effective_from, effective_to } = body;
  const optional = { approver, effective_from, effective_to };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined);
  return { kind, name, version, digest, author, ...Object.fromEntries(given) };
}

/** An approval completes the proposal of its version, which alone states its times; order of notes does not matter. */
class Book implements PolicyBook {
  readonly #versions = new Map<string, Map<number, PolicyVersion>>();

  versions(kind: PolicyKind, name: string): readonly PolicyVersion[] {
    const known = this.#versions.get(`${kind}/${name}`);
    return [...(known?.values() ?? [])].sort((left, right) => left.version - right.version);
  }

  note(version: PolicyVersion): void {
    const key = `${version.kind}/${version.name}`;
    const known = this.#versions.get(key) ?? new Map<number, PolicyVersion>();
    const before = known.get(version.version);
    if (before?.approver === undefined) known.set(version.version, { ...before, ...version });
    else known.set(version.version, { ...version, ...before });
    this.#versions.set(key, known);
  }
}
