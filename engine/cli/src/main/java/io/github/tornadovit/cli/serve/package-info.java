/** The command {@code serve}: a model behind the JDK's HTTP server. */
@NullMarked
package io.github.tornadovit.cli.serve;

import org.jspecify.annotations.NullMarked;
