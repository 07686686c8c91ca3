/**
 * Benchmarks of a checkpoint on this machine: throughput and latency of its forward pass, on every
 * backend, for several batch sizes.
 */
@NullMarked
package io.github.tornadovit.engine.bench;

import org.jspecify.annotations.NullMarked;
