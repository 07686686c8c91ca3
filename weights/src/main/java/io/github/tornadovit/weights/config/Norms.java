package io.github.tornadovit.weights.config;

/**
 * The layer norms of an encoder besides the two of each block.
 *
 * @param eps added to the variance, of all norms
 * @param beforeBlocks whether the embedded tokens are normed (CLIP)
 * @param afterBlocks whether the tokens of the last block are: the last hidden state is normed
 */
public record Norms(float eps, boolean beforeBlocks, boolean afterBlocks) {}
