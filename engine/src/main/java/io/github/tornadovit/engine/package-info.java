/** The public API: load a checkpoint, classify and embed images. */
@NullMarked
package io.github.tornadovit.engine;

import org.jspecify.annotations.NullMarked;
