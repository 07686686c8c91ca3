/** The devices that execute a program, and the choice among them. */
@NullMarked
package io.github.tornadovit.kernels.backend;

import org.jspecify.annotations.NullMarked;
