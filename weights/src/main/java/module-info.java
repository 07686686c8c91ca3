/** Checkpoint files to named tensors to typed weights. */
@SuppressWarnings("module") // The modules named below are compiled after this one.
module io.github.tornadovit.weights {
  requires static transitive org.jspecify;
  requires transitive io.github.tornadovit.base;
  requires tools.jackson.core;

  exports io.github.tornadovit.weights.checkpoint;
  exports io.github.tornadovit.weights.config;
  exports io.github.tornadovit.weights.demo;
  exports io.github.tornadovit.weights.model;
  exports io.github.tornadovit.weights.file to
      io.github.tornadovit.engine,
      io.github.tornadovit.hub;
  exports io.github.tornadovit.weights.json to
      io.github.tornadovit.engine,
      io.github.tornadovit.hub;
  exports io.github.tornadovit.weights.layout to
      io.github.tornadovit.hub;
  exports io.github.tornadovit.weights.safetensors to
      io.github.tornadovit.engine;
}
