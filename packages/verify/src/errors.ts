import { CustodyError } from "@custody/model";

/** Why bytes that should be a bundle, or a part of one, cannot even be read. */
export type VerifyErrorCode =
  | "CSV_FORMAT"
  | "CSV_LIMIT"
  | "FILE_ABSENT"
  | "JSON_FORMAT"
  | "KEY_FORMAT"
  | "ROW_FORMAT"
  | "SAMPLE_CONTROL"
  | "SHAPE"
  | "ZIP_CRC"
  | "ZIP_DUPLICATE"
  | "ZIP_ENCRYPTED"
  | "ZIP_FORMAT"
  | "ZIP_HEADER_MISMATCH"
  | "ZIP_LIMIT"
  | "ZIP_LINK"
  | "ZIP_METHOD"
  | "ZIP_NAME"
  | "ZIP_RATIO"
  | "ZIP_STRAY_BYTES"
  | "ZIP_UNSUPPORTED";

export class VerifyError extends CustodyError<VerifyErrorCode> {
  constructor(code: VerifyErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = "VerifyError";
  }
}
