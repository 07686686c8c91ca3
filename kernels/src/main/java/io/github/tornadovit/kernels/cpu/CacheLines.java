package io.github.tornadovit.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory outside the heap for what is read by whole vectors and tile registers: one that begins in
 * the middle of a cache line costs two loads, and an array of the heap may begin anywhere.
 */
public final class CacheLines {
  /** Of a line, on every x86-64 processor. */
  public static final int BYTES = 64;

  private CacheLines() {}

  /** Zeros from a whole line on, freed when nothing refers to them; OutOfMemoryError if full. */
  public static MemorySegment room(long bytes) {
    return Arena.ofAuto().allocate(bytes, BYTES);
  }
}
