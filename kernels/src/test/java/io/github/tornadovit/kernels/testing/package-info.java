/** What the tests of all operations share. */
@NullMarked
package io.github.tornadovit.kernels.testing;

import org.jspecify.annotations.NullMarked;
