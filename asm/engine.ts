import { ScalarEngine } from './engine-scalar';
import { SimdEngine } from './engine-simd';

/** The engine of this build; operations are documented in engine-scalar.ts. */
export class Engine {
  @inline static pack(point: usize, low: usize, high: usize): void {
    if (ASC_FEATURE_SIMD) SimdEngine.pack(point, low, high);
    else ScalarEngine.pack(point, low, high);
  }

  @inline static unpack(point: usize, low: usize, high: usize): void {
    if (ASC_FEATURE_SIMD) SimdEngine.unpack(point, low, high);
    else ScalarEngine.unpack(point, low, high);
  }

  @inline static add(target: usize, source: usize, bytes: usize): void {
    if (ASC_FEATURE_SIMD) SimdEngine.add(target, source, bytes);
    else ScalarEngine.add(target, source, bytes);
  }

  @inline static scale(target: usize, source: usize, factor: u32): void {
    if (ASC_FEATURE_SIMD) SimdEngine.scale(target, source, factor);
    else ScalarEngine.scale(target, source, factor);
  }

  @inline static forward(x: usize, y: usize, bytes: usize, factor: u32): void {
    if (ASC_FEATURE_SIMD) SimdEngine.forward(x, y, bytes, factor);
    else ScalarEngine.forward(x, y, bytes, factor);
  }

  @inline static inverse(x: usize, y: usize, bytes: usize, factor: u32): void {
    if (ASC_FEATURE_SIMD) SimdEngine.inverse(x, y, bytes, factor);
    else ScalarEngine.inverse(x, y, bytes, factor);
  }

  @inline static forward4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    if (ASC_FEATURE_SIMD) SimdEngine.forward4(at, bytes, outer, left, right);
    else ScalarEngine.forward4(at, bytes, outer, left, right);
  }

  @inline static inverse4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    if (ASC_FEATURE_SIMD) SimdEngine.inverse4(at, bytes, outer, left, right);
    else ScalarEngine.inverse4(at, bytes, outer, left, right);
  }
}
