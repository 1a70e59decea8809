import { Gf16 } from './gf16';

/** Walsh-Hadamard transform of 65536 logarithms (u16, modulo 65535), in place. */
export function fwht(values: usize): void {
  for (let half: usize = 2; half < 131072; half <<= 1) {
    for (let group: usize = 0; group < 131072; group += 2 * half) {
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
