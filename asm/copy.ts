/** Copies `bytes` rounded up to whole vectors: what runs over is overwritten by what comes next. */
export function copyOver(target: usize, source: usize, bytes: usize): void {
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, v128.load(source + at));
  } else memory.copy(target, source, bytes);
}
