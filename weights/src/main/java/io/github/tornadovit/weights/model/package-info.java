/**
 * Typed weights: the tensors of a checkpoint as parts of the encoder.
 *
 * <p>All families are one encoder with parts that are there or not; {@link
 * io.github.tornadovit.weights.model.VisionWeights} says which.
 */
@NullMarked
package io.github.tornadovit.weights.model;

import org.jspecify.annotations.NullMarked;
