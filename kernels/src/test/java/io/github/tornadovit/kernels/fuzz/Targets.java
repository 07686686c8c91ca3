package io.github.tornadovit.kernels.fuzz;

import io.github.tornadovit.base.Precision;
import java.util.List;
import java.util.stream.Stream;

/** Everything that is fuzzed. */
final class Targets {
  /** Every operation there is. */
  static final List<OperationTarget> OPERATIONS =
      List.of(
          new FuzzedLinear(),
          new FuzzedPatchEmbedding(),
          new FuzzedEmbedTokens(),
          new FuzzedLayerNorm(),
          new FuzzedGate(),
          new FuzzedRotaryPositions(),
          new FuzzedAttention(Precision.F32),
          new FuzzedAttentionWeights(),
          new FuzzedPooling.Select(),
          new FuzzedPooling.Mean(),
          new FuzzedPooling.Averaged());

  /** Operations in int8, which devices refuse. */
  static final List<OperationTarget> INT8_OPERATIONS = List.of(new FuzzedInt8Linear());

  /** Operations in bf16, which devices and some loops refuse. */
  static final List<OperationTarget> BF16_OPERATIONS = List.of(new FuzzedAttention(Precision.BF16));

  /** The functions of int8. */
  static final List<LoopsTarget> INT8_FUNCTIONS = List.of(new FuzzedInt8());

  /** The functions of bf16, which some loops lack. */
  static final List<LoopsTarget> BF16_FUNCTIONS = List.of(new FuzzedBf16());

  /** Every function of the inner loops in float32. */
  static final List<LoopsTarget> FUNCTIONS =
      List.of(
          new FuzzedTile(),
          new FuzzedStore(),
          new FuzzedActivation(),
          new FuzzedExponentials(),
          new FuzzedNormalise());

  private Targets() {}

  /** Every operation, in any precision. */
  static Stream<OperationTarget> operations() {
    return Stream.of(OPERATIONS, INT8_OPERATIONS, BF16_OPERATIONS).flatMap(List::stream);
  }

  /** Every function, in any precision. */
  static Stream<LoopsTarget> functions() {
    return Stream.of(FUNCTIONS, INT8_FUNCTIONS, BF16_FUNCTIONS).flatMap(List::stream);
  }
}
