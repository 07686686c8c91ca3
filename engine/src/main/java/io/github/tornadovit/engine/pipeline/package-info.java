/** Runs many images from files to answers: decoding and preprocessing beside the forward passes. */
@NullMarked
package io.github.tornadovit.engine.pipeline;

import org.jspecify.annotations.NullMarked;
