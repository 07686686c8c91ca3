/** An example: the engine in an application's own server. */
@NullMarked
package io.github.tornadovit.examples.server;

import org.jspecify.annotations.NullMarked;
