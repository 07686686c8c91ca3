/** The operations of a vision transformer and the backends that execute them. */
module io.github.tornadovit.kernels {
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;
  requires static tornado.api;
  requires transitive io.github.tornadovit.base;

  exports io.github.tornadovit.kernels.attention;
  exports io.github.tornadovit.kernels.backend;
  exports io.github.tornadovit.kernels.cpu;
  exports io.github.tornadovit.kernels.execution;
  exports io.github.tornadovit.kernels.launch;
  exports io.github.tornadovit.kernels.layernorm;
  exports io.github.tornadovit.kernels.linear;
  exports io.github.tornadovit.kernels.pass;
  exports io.github.tornadovit.kernels.patch;
  exports io.github.tornadovit.kernels.pooling;
  exports io.github.tornadovit.kernels.program;
  exports io.github.tornadovit.kernels.tokens;
  exports io.github.tornadovit.kernels.tornado;
}
