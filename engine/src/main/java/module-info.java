/** The public API: load a checkpoint, classify and embed images, evaluate, probe, measure. */
module io.github.tornadovit.engine {
  requires static transitive org.jspecify;
  requires transitive io.github.tornadovit.kernels;
  requires transitive io.github.tornadovit.weights;
  requires de.siegmar.fastcsv;
  requires java.desktop;
  requires jdk.jfr;
  requires jdk.management;
  requires static micrometer.core;
  requires tools.jackson.databind;

  exports io.github.tornadovit.engine;
  exports io.github.tornadovit.engine.bench;
  exports io.github.tornadovit.engine.evaluation;
  exports io.github.tornadovit.engine.image;
  exports io.github.tornadovit.engine.micrometer;
  exports io.github.tornadovit.engine.pipeline;
  exports io.github.tornadovit.engine.probe;
  exports io.github.tornadovit.engine.service;
  exports io.github.tornadovit.engine.stage;
}
