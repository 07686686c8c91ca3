/**
 * Fuzzing of every reader of untrusted bytes.
 *
 * <p>A {@link io.github.tornadovit.fuzz.FuzzTarget} hands bytes to a reader as the product would,
 * and looks at what comes back. {@link io.github.tornadovit.fuzz.Contract} holds it to what {@code
 * SECURITY.md} promises of any bytes: the reader's typed error or a result, within a bound of
 * memory. {@link io.github.tornadovit.fuzz.Target} lists them.
 *
 * <p>{@code ./run} has Jazzer look for inputs that break it. Tests replay the seeds and every case
 * that was found, without Jazzer.
 */
@NullMarked
package io.github.tornadovit.fuzz;

import org.jspecify.annotations.NullMarked;
