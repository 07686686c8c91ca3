package io.github.tornadovit.kernels.fuzz;

import java.util.List;

/** Everything that is fuzzed. */
final class Targets {
  /** Every operation there is. */
  static final List<OperationTarget> OPERATIONS =
      List.of(
          new FuzzedLinear(),
          new FuzzedPatchEmbedding(),
          new FuzzedEmbedTokens(),
          new FuzzedLayerNorm(),
          new FuzzedAttention(),
          new FuzzedAttentionWeights(),
          new FuzzedPooling.Select(),
          new FuzzedPooling.Mean(),
          new FuzzedPooling.Averaged());

  /** Every function of the inner loops. */
  static final List<LoopsTarget> FUNCTIONS =
      List.of(
          new FuzzedTile(),
          new FuzzedStore(),
          new FuzzedActivation(),
          new FuzzedExponentials(),
          new FuzzedNormalise());

  private Targets() {}
}
