/**
 * The model families, one file each: which {@code config.json} a family reads, with transformers'
 * defaults for absent keys, where its tensors are and what they are called, its heads, its image
 * processor. What follows knows parts ({@link io.github.tornadovit.weights.config.VisionConfig},
 * {@link io.github.tornadovit.weights.model.VisionWeights}) and no family.
 *
 * <p>Unknown keys are ignored, as most have to do with training; an unknown value of a known key is
 * refused, as is a number that no such model has.
 */
@NullMarked
package io.github.tornadovit.weights.family;

import org.jspecify.annotations.NullMarked;
