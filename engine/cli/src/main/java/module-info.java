/** The command line. Nothing is exported: what a command does, a program asks the engine for. */
module io.github.tornadovit.cli {
  requires static transitive org.jspecify;
  requires de.siegmar.fastcsv;
  requires info.picocli;
  requires io.github.tornadovit.engine;
  requires io.github.tornadovit.hub;
  requires jdk.httpserver;
  requires jdk.management;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires tools.jackson.databind;

  opens io.github.tornadovit.cli to
      info.picocli;
}
