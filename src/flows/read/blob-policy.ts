/** Content security policy of every answer with bytes of a blob: opened by itself, nothing of it runs or reaches anybody. */
export const BLOB_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
