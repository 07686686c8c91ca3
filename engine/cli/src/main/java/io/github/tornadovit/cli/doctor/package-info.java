/** The command {@code doctor}: checks this JVM, machine and SDK, and says what to do. */
@NullMarked
package io.github.tornadovit.cli.doctor;

import org.jspecify.annotations.NullMarked;
