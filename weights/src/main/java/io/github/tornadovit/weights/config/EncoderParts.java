package io.github.tornadovit.weights.config;

/**
 * The encoder: embeddings, then blocks of attention and MLP.
 *
 * @param hiddenSize width of a token
 * @param layers number of blocks
 * @param embeddings before the first block
 * @param attention of each block
 * @param mlp of each block
 * @param layerScale whether residual branches are scaled per channel (BEiT's lambdas)
 * @param norms besides those of the blocks
 */
public record EncoderParts(
    int hiddenSize,
    int layers,
    Embeddings embeddings,
    SelfAttention attention,
    Mlp mlp,
    boolean layerScale,
    Norms norms) {}
