/** Optimisations of programs: the same outputs by less work. */
@NullMarked
package io.github.tornadovit.kernels.pass;

import org.jspecify.annotations.NullMarked;
