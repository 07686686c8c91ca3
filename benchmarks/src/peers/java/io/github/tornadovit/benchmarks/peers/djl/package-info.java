/** PyTorch's native library, through the Deep Java Library. */
@NullMarked
package io.github.tornadovit.benchmarks.peers.djl;

import org.jspecify.annotations.NullMarked;
