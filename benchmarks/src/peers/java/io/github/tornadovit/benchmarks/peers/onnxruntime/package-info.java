/** Microsoft's ONNX Runtime, through its own Java binding. */
@NullMarked
package io.github.tornadovit.benchmarks.peers.onnxruntime;

import org.jspecify.annotations.NullMarked;
