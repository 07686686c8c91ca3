/**
 * Readers of {@code preprocessor_config.json} and {@code processor_config.json}: keys to facts,
 * with transformers' defaults for absent keys.
 *
 * <p>Unknown keys are ignored, as most have to do with training; an unknown value of a known key is
 * refused, as is a number that no such model has.
 */
@NullMarked
package io.github.tornadovit.weights.configfile;

import org.jspecify.annotations.NullMarked;
