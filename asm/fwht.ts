import { Gf16 } from './gf16';

/** Walsh-Hadamard transform of `count` logarithms (u16, modulo 65535), a power of two, in place. */
export function fwht(values: usize, count: u32): void {
  const bytes = (<usize>count) << 1;
  for (let half: usize = 2; half < bytes; half <<= 1) {
    for (let group: usize = 0; group < bytes; group += 2 * half) {
      const end = values + group + half;
      for (let at = values + group; at < end; at += 2) {
        const a = <u32>load<u16>(at);
        const b = <u32>load<u16>(at + half);
        store<u16>(at, <u16>Gf16.addLogs(a, b));
        // a - b with end-around borrow is a + not(b) with end-around carry
        store<u16>(at + half, <u16>Gf16.addLogs(a, b ^ 0xffff));
      }
    }
  }
}
