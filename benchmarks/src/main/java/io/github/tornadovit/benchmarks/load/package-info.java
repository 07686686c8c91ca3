/** Load of servers over HTTP, from outside. */
@NullMarked
package io.github.tornadovit.benchmarks.load;

import org.jspecify.annotations.NullMarked;
