/**
 * Helpers for the tests of several modules: files of checkpoints made byte by byte, so that tests
 * can make them wrong, the reference's answers, and JVMs of their own.
 */
@NullMarked
package io.github.tornadovit.testing;

import org.jspecify.annotations.NullMarked;
