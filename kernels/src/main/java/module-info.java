/**
 * The operations of a vision transformer and the backends that execute them. To programs, what runs
 * and where ({@code backend}); the rest is between our own modules.
 */
@SuppressWarnings("module") // The modules named below are compiled after this one.
module io.github.tornadovit.kernels {
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;
  requires static tornado.api;
  requires transitive io.github.tornadovit.base;

  exports io.github.tornadovit.kernels.backend;
  exports io.github.tornadovit.kernels.attention to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.cpu to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.gate to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.layernorm to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.linear to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.pass to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.patch to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.pooling to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.program to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.tokens to
      io.github.tornadovit.engine;
  exports io.github.tornadovit.kernels.tornado to
      io.github.tornadovit.cli,
      io.github.tornadovit.engine;
}
