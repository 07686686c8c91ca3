/** A checkpoint folder: its configuration files and its tensors by name, whatever the format. */
@NullMarked
package io.github.tornadovit.weights.checkpoint;

import org.jspecify.annotations.NullMarked;
