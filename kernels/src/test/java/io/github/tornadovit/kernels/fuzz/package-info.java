/**
 * Differential fuzzing of the kernels: random operations on random shapes and values, on the
 * reference and on everything else that computes them, between guard values that nobody may touch.
 *
 * <p>A case is drawn from one seed, but its name says every parameter, so that it can be repeated
 * and changed by hand, see {@link io.github.tornadovit.kernels.fuzz.FuzzCase}. What a result may
 * differ by is the worst that rounding can do to the values of the case, see {@link
 * io.github.tornadovit.kernels.fuzz.SumBound}.
 */
@NullMarked
package io.github.tornadovit.kernels.fuzz;

import org.jspecify.annotations.NullMarked;
