/** The files of a checkpoint folder: found by plain name, mapped or read, released together. */
@NullMarked
package io.github.tornadovit.weights.file;

import org.jspecify.annotations.NullMarked;
