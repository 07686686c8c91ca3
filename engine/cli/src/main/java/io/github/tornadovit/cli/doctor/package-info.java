/** What a support thread would ask for: this JVM, machine and SDK, checked, and what to do. */
@NullMarked
package io.github.tornadovit.cli.doctor;

import org.jspecify.annotations.NullMarked;
