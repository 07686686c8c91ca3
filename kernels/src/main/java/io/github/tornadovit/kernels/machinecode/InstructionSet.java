package io.github.tornadovit.kernels.machinecode;

import java.util.List;
import java.util.Set;

/** The vector extensions of x86-64 that there is code for, the widest first. */
enum InstructionSet {
  /** 512-bit registers, EVEX encoded. */
  AVX512("AVX-512", 64, 32, 4, "avx512f avx512dq avx2 fma"),
  /** 256-bit registers, VEX encoded. */
  AVX2("AVX2", 32, 16, 2, "avx2 fma");

  private final String label;
  private final int bytes;
  private final int registers;
  private final int panelVectors;
  private final String flags;

  InstructionSet(String label, int bytes, int registers, int panelVectors, String flags) {
    this.label = label;
    this.bytes = bytes;
    this.registers = registers;
    this.panelVectors = panelVectors;
    this.flags = flags;
  }

  /** Its usual name. */
  String label() {
    return label;
  }

  /** Bytes of a vector register. */
  int bytes() {
    return bytes;
  }

  /** Floats in a vector register. */
  int lanes() {
    return bytes / Float.BYTES;
  }

  /** The number of vector registers. */
  int registers() {
    return registers;
  }

  /** Vectors across a tile of {@link TileCode#ROWS} rows: as many as the registers hold. */
  int panelVectors() {
    return panelVectors;
  }

  /**
   * Whether a processor that has it multiplies bfloat16 as well.
   *
   * @param processorFlags as in {@link #isIn}
   */
  boolean hasBf16(Set<String> processorFlags) {
    return this == AVX512 && processorFlags.contains("avx512_bf16");
  }

  /**
   * Whether a processor has it.
   *
   * @param processorFlags as Linux lists them in {@code /proc/cpuinfo}; those that the system does
   *     not save on a task switch are not among them
   */
  boolean isIn(Set<String> processorFlags) {
    return processorFlags.containsAll(List.of(flags.split(" ")));
  }
}
