/**
 * Types that checkpoints and kernels share: tensors, activations, precisions, and files with their
 * errors. Depends on the JDK alone.
 */
@SuppressWarnings("module") // The modules named below are compiled after this one.
module io.github.tornadovit.base {
  requires static transitive org.jspecify;

  exports io.github.tornadovit.base;
  exports io.github.tornadovit.base.tensor;
  exports io.github.tornadovit.base.file to
      io.github.tornadovit.cli,
      io.github.tornadovit.engine,
      io.github.tornadovit.hub,
      io.github.tornadovit.kernels,
      io.github.tornadovit.weights;
}
