package io.github.tornadovit.kernels.machinecode;

import java.util.Set;

/** The instructions by which an instruction set multiplies int8 codes. */
enum Int8Form {
  /** Four products of bytes at once ({@code vpdpbusd}). */
  QUADS(4, 1),
  /**
   * Two products of 16-bit integers at once ({@code vpmaddwd}). The one of bytes ({@code
   * vpmaddubsw}) saturates.
   */
  PAIRS(2, 2);

  private final int group;
  private final int codeBytes;

  Int8Form(int group, int codeBytes) {
    this.group = group;
    this.codeBytes = codeBytes;
  }

  /** The best one that a processor has. */
  static Int8Form of(InstructionSet set, Set<String> processorFlags) {
    String quads = set == InstructionSet.AVX2 ? "avx_vnni" : "avx512_vnni";
    return processorFlags.contains(quads) ? QUADS : PAIRS;
  }

  /** Codes of a row that are multiplied at once; they take four bytes. */
  int group() {
    return group;
  }

  /** Bytes of an activation's code. */
  int codeBytes() {
    return codeBytes;
  }

  /** For people: {@code AVX512-VNNI}, {@code AVX2 16-bit products}. */
  String label(InstructionSet set) {
    return switch (this) {
      case QUADS -> set == InstructionSet.AVX2 ? "AVX-VNNI" : "AVX512-VNNI";
      case PAIRS -> set.label() + " 16-bit products";
    };
  }
}
