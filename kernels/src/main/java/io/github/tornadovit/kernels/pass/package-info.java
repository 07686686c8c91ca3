/** Passes over programs: the same outputs by less work, and where values lie in memory. */
@NullMarked
package io.github.tornadovit.kernels.pass;

import org.jspecify.annotations.NullMarked;
