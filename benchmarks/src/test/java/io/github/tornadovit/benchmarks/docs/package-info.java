/** Keeps the code in the documentation right. */
@NullMarked
package io.github.tornadovit.benchmarks.docs;

import org.jspecify.annotations.NullMarked;
