/**
 * The command line. It uses the public API alone, and alone prints: data on standard output,
 * everything else on standard error.
 */
@NullMarked
package io.github.tornadovit.cli;

import org.jspecify.annotations.NullMarked;
