/** An example: a model behind HTTP, with the limits that a service needs. */
@NullMarked
package io.github.tornadovit.examples.server;

import org.jspecify.annotations.NullMarked;
