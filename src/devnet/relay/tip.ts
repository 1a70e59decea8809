/** What a relay wants for its work, paid to an address in MIST. */
export type Tip = 'none' | { readonly address: string; readonly kind: TipKind };

export type TipKind =
  | { readonly const: number }
  /** `perKiB` for every KiB of the encoded blob that was begun */
  | { readonly linear: { readonly base: number; readonly perKiB: number } };

/** The tip for a blob. @param encodedBytes what storage is bought for */
export function tipFor(tip: Tip, encodedBytes: number): bigint {
  if (tip === 'none') return 0n;
  const { kind } = tip;
  if ('const' in kind) return BigInt(kind.const);
  const { base, perKiB } = kind.linear;
  return BigInt(base) + BigInt(Math.ceil(encodedBytes / 1_024)) * BigInt(perKiB);
}

/** The JSON of `GET /v1/tip-config`. */
export function tipJson(tip: Tip): unknown {
  if (tip === 'none') return 'no_tip';
  const { address, kind } = tip;
  if ('const' in kind) return { send_tip: { address, kind: { const: kind.const } } };
  const { base, perKiB } = kind.linear;
  return { send_tip: { address, kind: { linear: { base, encoded_size_mul_per_kib: perKiB } } } };
}

/** Reads `none`, `const:105` or `linear:101,42`. Undefined for anything else. */
export function parseTip(text: string, address: string): Tip | undefined {
  if (text === 'none') return 'none';
  const [, constant] = /^const:(\d{1,15})$/.exec(text) ?? [];
  if (constant !== undefined) return { address, kind: { const: Number(constant) } };
  const [, base, perKiB] = /^linear:(\d{1,15}),(\d{1,15})$/.exec(text) ?? [];
  if (base === undefined || perKiB === undefined) return undefined;
  return { address, kind: { linear: { base: Number(base), perKiB: Number(perKiB) } } };
}
