/**
 * {@code config.json} and {@code preprocessor_config.json} in every form that models in use have.
 */
@NullMarked
package io.github.tornadovit.weights.config;

import org.jspecify.annotations.NullMarked;
