package io.github.tornadovit.weights.config;

import java.util.Set;

/**
 * The attention of each block.
 *
 * @param heads per block
 * @param headSize width of one head
 * @param queryBias whether queries have biases
 * @param keyBias whether keys have
 * @param valueBias whether values have
 * @param outputBias whether the projection of the heads together has one
 * @param biasTables of relative positions (BEiT), added to the scores: those that there are
 * @param biasInterpolation of the tables for another grid than the trained
 */
public record SelfAttention(
    int heads,
    int headSize,
    boolean queryBias,
    boolean keyBias,
    boolean valueBias,
    boolean outputBias,
    Set<BiasTable> biasTables,
    BiasInterpolation biasInterpolation) {

  /** The place of a table of relative position biases. */
  public enum BiasTable {
    /** Each block has one. */
    PER_BLOCK,
    /** One serves all blocks. */
    SHARED
  }

  /** The rule by which a table's rows are brought to another grid. */
  public enum BiasInterpolation {
    /** Evenly, as transformers does (after Birkl et al. 2023, MiDaS 3.1). */
    BILINEAR,
    /**
     * Linear between offsets that lie apart in geometric progression, so that the next ones stay
     * where they are: as timm does, after the authors of BEiT.
     */
    GEOMETRIC
  }

  public SelfAttention {
    biasTables = Set.copyOf(biasTables);
  }

  /** Width of all heads together. */
  public int width() {
    return heads * headSize;
  }

  /** Whether there is such a table. */
  public boolean has(BiasTable table) {
    return biasTables.contains(table);
  }
}
