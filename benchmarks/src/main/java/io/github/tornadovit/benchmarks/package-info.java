/** JMH benchmarks of the operations and of whole models. */
@NullMarked
package io.github.tornadovit.benchmarks;

import org.jspecify.annotations.NullMarked;
